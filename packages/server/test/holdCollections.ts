import { mongo } from 'mongoose';
import { vi } from 'vitest';

const METHODS = ['findOne', 'findOneAndUpdate', 'insertOne', 'updateOne', 'deleteOne', 'deleteMany'] as const;

/** Lets every operation on these collections wait until `release` is called. */
export function holdCollections(...names: string[]) {
  let held = 0;
  let release = () => {};
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  const spies = METHODS.map((each) => {
    // One signature stands for all of them, since the arguments are only passed on.
    const name = each as 'findOne';
    const method = mongo.Collection.prototype[name];
    return vi.spyOn(mongo.Collection.prototype, name).mockImplementation(async function (
      this: mongo.Collection,
      ...args: Parameters<typeof method>
    ) {
      if (names.includes(this.collectionName)) {
        held += 1;
        await released;
      }
      return method.apply(this, args);
    });
  });
  return {
    /** How many operations have had to wait. */
    count: () => held,
    release() {
      for (const spy of spies) spy.mockRestore();
      release();
    },
  };
}
