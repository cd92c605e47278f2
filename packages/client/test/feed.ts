import { EventEmitter, once } from 'node:events';

/** A feed of numbered events, 1, 2, 3 …, that can be read from any position. */
export function createFeed() {
  const changes = new EventEmitter();
  changes.setMaxListeners(0);
  let length = 0;
  return {
    /** Adds so many events. */
    add: (count: number) => {
      length += count;
      changes.emit('added');
    },
    length: () => length,
    /** The events after a position, those to come too, until the signal is aborted. */
    after: async function* (position: number, signal: AbortSignal) {
      for (let next = position + 1; !signal.aborted; ) {
        if (next <= length) yield next++;
        // Rejects when aborted, which the loop's condition then sees.
        else await once(changes, 'added', { signal }).catch(() => {});
      }
    },
  };
}
