import { type MeasuredProcess, startProcess } from './childProcess.js';
import type { BenchDatabase } from './startDatabase.js';

/** Starts one of the servers in `peers/` on a database of its own. */
export function startPeer(
  name: string,
  options: { database: BenchDatabase; variant?: string; databaseName?: string },
): Promise<MeasuredProcess> {
  const { database, variant, databaseName = [name, variant].filter(Boolean).join('_') } = options;
  return startProcess(`./peers/${name}.js`, {
    args: variant === undefined ? [] : [variant],
    env: { PEER_DATABASE_URI: database.uri(databaseName) },
  });
}
