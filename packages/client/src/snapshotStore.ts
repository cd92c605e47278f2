import { createListeners, type Listeners } from './listeners.js';
import type { EndReason, IdentityChange, SessionSnapshot } from './sessionTypes.js';

/** The snapshot given out at the moment, and those who want to hear of the next one. */
export interface SnapshotStore {
  get(): SessionSnapshot;
  /** Tells of `next`, unless nothing changed. */
  set(next: SessionSnapshot): void;
  /** Resolves once the status is another than the given one. */
  leaves(status: SessionSnapshot['status']): Promise<void>;
  readonly changes: Listeners<void>;
  onEnded(listener: (reason: EndReason) => void): () => void;
  readonly identities: Listeners<IdentityChange>;
}

/** Creates the store, at the state before anything is known. */
export const createSnapshotStore = (): SnapshotStore => {
  const changes = createListeners<void>();
  const identities = createListeners<IdentityChange>();
  let current: SessionSnapshot = { status: 'restoring', user: null };
  return {
    get: () => current,
    set: (next) => {
      const previous = current;
      if (JSON.stringify(next) === JSON.stringify(previous)) return;
      current = next;
      // First those who must forget another person's data, then those who show something.
      if (next.user?.id !== previous.user?.id) identities.emit({ user: next.user, previous: previous.user });
      changes.emit();
    },
    leaves: (status) =>
      new Promise((resolve) => {
        const stop = changes.add(() => {
          if (current.status !== status) resolve(stop());
        });
      }),
    changes,
    onEnded: (listener) =>
      changes.add(() => {
        if (current.status === 'ended') listener(current.reason);
      }),
    identities,
  };
};
