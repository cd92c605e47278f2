/** One page of a longer list. */
export interface Page<T> {
  readonly records: readonly T[];
  /** The last record of the page, if more records follow it. */
  readonly lastOfMore: T | undefined;
}

/** Reads one record more than a page holds, to find out whether another page follows. */
export async function readPage<T>(
  limit: number,
  find: (count: number) => Promise<readonly T[]>,
): Promise<Page<T>> {
  const found = await find(limit + 1);
  const records = found.slice(0, limit);
  return { records, lastOfMore: found.length > limit ? records.at(-1) : undefined };
}
