export function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
}

/** The Kolmogorov–Smirnov distance: the largest difference between two empirical distributions. */
export function distance(a: readonly number[], b: readonly number[]): number {
  const share = (values: readonly number[], at: number) =>
    values.filter((value) => value <= at).length / values.length;
  return Math.max(...[...a, ...b].map((at) => Math.abs(share(a, at) - share(b, at))));
}

/** The distance that two samples of `size` of one distribution exceed once in 10,000 times. */
export function chanceDistance(size: number): number {
  return 2.23 * Math.sqrt(2 / size);
}
