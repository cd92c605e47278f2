/** One server-sent event. */
export interface ServerSentEvent {
  event: string;
  id: string | undefined;
  data: string;
}

/** The events of a stream as they come, read by hand; comments are left out. */
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
