export interface ServerSentEvent {
  event: string;
  id: string | undefined;
  data: string;
}

/** Reads the events of a stream without EventSource. Skips comments. */
export async function* readEvents(
  url: string,
  { token, lastEventId }: { token: string | undefined; lastEventId?: string },
): AsyncGenerator<ServerSentEvent, undefined> {
  const stop = new AbortController();
  const res = await fetch(url, {
    signal: stop.signal,
    headers: {
      accept: 'text/event-stream',
      authorization: `Bearer ${token}`,
      ...(lastEventId === undefined ? {} : { 'last-event-id': lastEventId }),
    },
  });
  let pending = '';
  try {
    for await (const chunk of res.body?.pipeThrough(new TextDecoderStream()) ?? []) {
      pending += chunk;
      const blocks = pending.split('\n\n');
      pending = blocks.pop() ?? '';
      for (const block of blocks) {
        const field = (name: string) => new RegExp(`^${name}: ?(.*)$`, 'm').exec(block)?.[1];
        const data = field('data');
        if (data !== undefined) yield { event: field('event') ?? 'message', id: field('id'), data };
      }
    }
  } finally {
    stop.abort();
  }
  return undefined;
}
