import bcrypt from 'bcrypt';

/** One computation for a hashing thread. `secret` is the keyed digest of a password, not the password. */
export type HashingJob =
  | { readonly kind: 'hash'; readonly secret: string; readonly cost: number }
  | { readonly kind: 'verify'; readonly secret: string; readonly hash: string; readonly cost: number };

/** Runs a job in the calling thread and blocks it. */
export function runHashingJob(job: HashingJob): string | boolean {
  const { secret, cost } = job;
  if (job.kind === 'hash') return bcrypt.hashSync(secret, cost);
  const matches = bcrypt.compareSync(secret, job.hash);
  // A hash of a lower cost would be refused sooner, which tells that the name exists. The rest of the time is spent
  // here: 2^from + (2^from + … + 2^(cost − 1)) = 2^cost.
  if (!matches) {
    for (let from = bcrypt.getRounds(job.hash); from < cost; from++) bcrypt.hashSync(secret, from);
  }
  return matches;
}
