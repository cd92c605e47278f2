/** A list of callbacks: `add` returns how to take the callback off again. */
export interface Listeners<T> {
  add(listener: (value: T) => void): () => void;
  emit(value: T): void;
}

/** Creates an empty list of callbacks. */
export const createListeners = <T>(): Listeners<T> => {
  const entries = new Set<{ listener: (value: T) => void }>();
  return {
    add: (listener) => {
      const entry = { listener };
      entries.add(entry);
      return () => {
        entries.delete(entry);
      };
    },
    emit: (value) => {
      for (const { listener } of entries) {
        try {
          listener(value);
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
