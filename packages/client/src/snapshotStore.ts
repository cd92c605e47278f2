import { createListeners } from './listeners.js';
import type { IdentityChange, Session, SessionSnapshot } from './sessionTypes.js';

/** The snapshot given out at the moment, and those who want to hear of the next one. */
export interface SnapshotStore {
  /** Tells of `next`, unless nothing changed. */
  set(next: SessionSnapshot): void;
  /** Resolves once the status is another than the given one. */
  leaves(status: SessionSnapshot['status']): Promise<void>;
  /** The part of the session that is about its snapshot. */
  readonly events: Pick<Session, 'getSnapshot' | 'subscribe' | 'onEnded' | 'onIdentityChange'>;
}

/** Creates the store, at the state before anything is known. */
export const createSnapshotStore = (): SnapshotStore => {
  const { add: subscribe, emit } = createListeners<void>();
  const identities = createListeners<IdentityChange>();
  let current: SessionSnapshot = { status: 'restoring', user: null };
  return {
    set: (next) => {
      const previous = current;
      if (JSON.stringify(next) === JSON.stringify(previous)) return;
      current = next;
      // First those who must forget another person's data, then those who show something.
      if (next.user?.id !== previous.user?.id) identities.emit({ user: next.user, previous: previous.user });
      emit();
    },
    leaves: (status) =>
      new Promise((resolve) => {
        const stop = subscribe(() => {
          if (current.status !== status) resolve(stop());
        });
      }),
    events: {
      getSnapshot: () => current,
      subscribe,
      onEnded: (listener) =>
        subscribe(() => {
          if (current.status === 'ended') listener(current.reason);
        }),
      onIdentityChange: identities.add,
    },
  };
};
