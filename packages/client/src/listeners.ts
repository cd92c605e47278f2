/** A list of callbacks: `add` returns how to take the callback off again. */
export interface Listeners<T> {
  add(listener: (value: T) => void): () => void;
  emit(value: T): void;
}

/** Creates an empty list of callbacks. */
export const createListeners = <T>(): Listeners<T> => {
  const entries = new Set<(value: T) => void>();
  return {
    add: (listener) => {
      // Of its own, so that a listener added twice is called twice.
      const entry = (value: T) => listener(value);
      entries.add(entry);
      return () => {
        entries.delete(entry);
      };
    },
    emit: (value) => {
      for (const entry of entries) {
        try {
          entry(value);
        } catch (error) {
          // The listener's fault must not stop the others, nor the session half-way through a change.
          setTimeout(() => {
            throw error;
          });
        }
      }
    },
  };
};
