import bcrypt from 'bcrypt';

/** One computation for a hashing thread; `secret` is the keyed digest of a password, never the password. */
export type HashingJob =
  | { readonly kind: 'hash'; readonly secret: string; readonly cost: number }
  | { readonly kind: 'verify'; readonly secret: string; readonly hash: string; readonly cost: number };

/** Does a job where it is called, without a pause. */
export function runHashingJob(job: HashingJob): string | boolean {
  const { secret, cost } = job;
  if (job.kind === 'hash') return bcrypt.hashSync(secret, cost);
  const matches = bcrypt.compareSync(secret, job.hash);
  if (!matches) takeTheRestOfTheTime(secret, { from: bcrypt.getRounds(job.hash), to: cost });
  return matches;
}

/**
 * A hash made at a lower cost is refused as late as one of today's, or its name could be told from an unknown
 * one: 2^from + (2^from + … + 2^(to − 1)) = 2^to.
 */
function takeTheRestOfTheTime(secret: string, { from, to }: { from: number; to: number }): void {
  for (let cost = from; cost < to; cost++) bcrypt.hashSync(secret, cost);
}
