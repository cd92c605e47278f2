/** Runs `work` after all earlier work has ended, well or badly. */
export type InTurn = <T>(work: () => Promise<T>) => Promise<T>;

/** Creates a queue in which one piece of work runs after the other. */
export const createInTurn = (): InTurn => {
  let tail: Promise<unknown> = Promise.resolve();
  return (work) => {
    const turn = tail.then(work, work);
    tail = turn;
    return turn;
  };
};
