import { createListeners } from './listeners.js';
import type { IdentityChange, Session, SessionSnapshot } from './types.js';

/** The part of a session that is about its snapshot. */
type SnapshotEvents = Pick<Session, 'getSnapshot' | 'subscribe' | 'onEnded' | 'onIdentityChange'>;

/** Keeps the snapshot, and calls listeners when it changes. */
export function createSnapshotStore() {
  const { add: subscribe, emit } = createListeners<void>();
  const identities = createListeners<IdentityChange>();
  let current: SessionSnapshot = { status: 'restoring', user: null };

  const events: SnapshotEvents = {
    getSnapshot: () => current,
    subscribe,
    onEnded: (listener) =>
      subscribe(() => {
        if (current.status === 'ended') listener(current.reason);
      }),
    onIdentityChange: identities.add,
  };

  return {
    events,
    /** Replaces the snapshot, if anything differs. */
    set: (next: SessionSnapshot) => {
      const previous = current;
      if (JSON.stringify(next) === JSON.stringify(previous)) return;
      current = next;
      // First the listeners that must forget another person's data, then those that show something.
      if (next.user?.id !== previous.user?.id) identities.emit({ user: next.user, previous: previous.user });
      emit();
    },
    /** Resolves once the status is another. */
    leaves: (status: SessionSnapshot['status']) =>
      new Promise<void>((resolve) => {
        const stop = subscribe(() => {
          if (current.status === status) return;
          stop();
          resolve();
        });
      }),
  };
}
