import type { Response } from 'express';

const PING_MS = 15_000;

/** A server-sent event. The browser sends the last `id` when it reconnects. */
export interface OutgoingEvent {
  readonly name?: string;
  readonly id?: number;
  readonly data: unknown;
}

/** Answers with a stream of server-sent events, and returns a function that sends one. */
export function openEventStream(res: Response): (event: OutgoingEvent) => void {
  res.set({ 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
  res.flushHeaders();
  const ping = setInterval(() => res.write(':\n\n'), PING_MS).unref();
  res.once('close', () => clearInterval(ping));
  return ({ name, id, data }) => {
    const head = [name && `event: ${name}\n`, id && `id: ${id}\n`].filter(Boolean).join('');
    res.write(`${head}data: ${JSON.stringify(data)}\n\n`);
  };
}
