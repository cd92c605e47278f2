import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { prepare } from './prepare.js';
import { ROOT } from './workspace.js';

/**
 * Builds an app and runs it in this process, so that signals sent to npm reach the app directly and its exit
 * code is npm's.
 *
 * @param {{ packages: string[], entry: string }} options what to build, and the built module to run
 */
export async function runApp({ packages, entry }) {
  await prepare(packages);
  process.env.DATA_DIR ||= join(ROOT, '.data');
  const path = join(ROOT, entry);
  // The app sees its arguments as if it had been started directly.
  process.argv.splice(1, 2, path);
  await import(pathToFileURL(path).href);
}
