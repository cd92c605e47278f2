import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const SCRIPT = fileURLToPath(new URL('worker.ts', import.meta.url));
const OPTIONS = ['--conditions=@latchkey/source', '--import', 'tsx'];

/** Starts `worker.ts` as a child process. */
export function startWorker(...task: string[]) {
  const child = spawn(process.execPath, [...OPTIONS, SCRIPT, ...task], { stdio: ['ignore', 'pipe', 'pipe'] });
  const said: string[] = [];
  const complaints: string[] = [];
  createInterface({ input: child.stdout }).on('line', (line) => said.push(line));
  createInterface({ input: child.stderr }).on('line', (line) => complaints.push(line));
  const exited = once(child, 'exit').then(([code]): number | null => code);
  const kill = async () => {
    child.kill('SIGKILL');
    await exited;
  };
  return {
    said,
    complaints,
    /** Its exit code, once it has ended. */
    exited,
    /** Ends it as a crash does. */
    kill,
    [Symbol.asyncDispose]: kill,
  };
}
