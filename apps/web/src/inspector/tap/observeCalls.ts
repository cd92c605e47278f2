import type { TRPCLink } from '@trpc/client';
import type { AnyRouter } from '@trpc/server';
import { observable } from '@trpc/server/observable';
import type { Recorder } from './recorder.js';
import type { CallMark } from './tabMark.js';

/** Two links that record calls: one sees each call of the app, the other each time that it is sent. */
export interface CallObserver {
  /** The first link. */
  calls<TRouter extends AnyRouter>(): TRPCLink<TRouter>;
  /** The link after `authLink`. */
  sends<TRouter extends AnyRouter>(): TRPCLink<TRouter>;
}

/** The part of an error that matters here: `data` is set if the server responded. */
interface Failed {
  readonly data?: { readonly reason?: string; readonly code?: string } | null | undefined;
}

const GUARD_REFUSALS = new Set(['TOKEN_EXPIRED', 'TOKEN_INVALID', 'TOKEN_MISSING', 'SESSION_REVOKED']);

/** `onRefused` is called when the guard has refused a token. */
export function observeCalls(recorder: Recorder, onRefused: () => void): CallObserver {
  const { now } = recorder;
  const marks = new Map<string, CallMark>();
  const update = (id: unknown, change: (mark: CallMark) => Partial<CallMark>) => {
    const mark = marks.get(String(id));
    if (!mark) return;
    const changed = { ...mark, ...change(mark) };
    if (changed.end) marks.delete(mark.id);
    else marks.set(mark.id, changed);
    recorder.put(changed);
  };

  const end = (id: string, error?: Failed) =>
    update(id, () => {
      const { reason, code } = error?.data ?? {};
      const outcome = !error ? 'answered' : error.data ? 'refused' : 'unanswered';
      const why = reason ?? code;
      return { end: now(), outcome, ...(why && { reason: why }) };
    });

  return {
    calls:
      () =>
      () =>
      ({ op, next }) => {
        const id = recorder.nextId();
        marks.set(id, {
          id,
          kind: 'call',
          at: now(),
          path: op.path,
          isStream: op.type === 'subscription',
          tries: 0,
        });
        update(id, () => ({}));
        return observable((observer) => {
          const inner = next({ ...op, context: { ...op.context, inspected: id } }).subscribe({
            next: (value) => observer.next(value),
            complete: () => {
              end(id);
              observer.complete();
            },
            error: (error) => {
              end(id, error);
              observer.error(error);
            },
          });
          return () => {
            update(id, () => ({ end: now(), outcome: 'left' }));
            inner.unsubscribe();
          };
        });
      },
    sends:
      () =>
      () =>
      ({ op, next }) =>
        observable((observer) => {
          const { inspected } = op.context;
          update(inspected, ({ tries, sentAt = now() }) => ({ tries: tries + 1, sentAt }));
          return next(op).subscribe({
            next: (value) => observer.next(value),
            complete: () => observer.complete(),
            error: (error) => {
              const { reason }: NonNullable<Failed['data']> = error.data ?? {};
              if (reason && GUARD_REFUSALS.has(reason)) {
                update(inspected, () => ({ refusedAt: now() }));
                onRefused();
              }
              observer.error(error);
            },
          });
        }),
  };
}
