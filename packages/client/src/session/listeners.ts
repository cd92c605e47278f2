/** Creates an empty list of callbacks; `add` returns a function that removes the callback. */
export function createListeners<T>() {
  const entries = new Set<(value: T) => void>();
  return {
    add: (listener: (value: T) => void) => {
      // A new function, so that a listener added twice is called twice.
      const entry = (value: T) => listener(value);
      entries.add(entry);
      return () => {
        entries.delete(entry);
      };
    },
    emit: (value: T) => {
      for (const entry of entries) {
        try {
          entry(value);
        } catch (error) {
          // A listener that throws must not stop the others, nor the session in the middle of a change.
          setTimeout(() => {
            throw error;
          });
        }
      }
    },
  };
}
