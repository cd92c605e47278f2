import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { pnpmSpec, ROOT } from './workspace.js';

const FORWARDED = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/**
 * Runs a command to its end and resolves to its exit code.
 *
 * The command runs in a process group. A signal that would end this process goes to the whole group first:
 * npx, pnpm and turbo are several processes, and a signal to the first one alone leaves the others running.
 *
 * @param {string} command
 * @param {string[]} args
 * @param {{ env?: NodeJS.ProcessEnv, stdout?: 'inherit' | 'stderr' }} [options] `stdout: 'stderr'` keeps this
 *   process's stdout for the app's own output
 */
function run(command, args, { env = process.env, stdout = 'inherit' } = {}) {
  const grouped = process.platform !== 'win32';
  const child = spawn(command, args, {
    cwd: ROOT,
    env: { ...env, ...plainOutput(), TURBO_TELEMETRY_DISABLED: '1', DO_NOT_TRACK: '1' },
    stdio: ['ignore', stdout === 'stderr' ? 2 : 'inherit', 'inherit'],
    detached: grouped,
    shell: !grouped,
  });
  let interruptedBy;
  const forward = (signal) => {
    interruptedBy = signal;
    signalGroup({ pid: child.pid, grouped, signal });
  };
  for (const signal of FORWARDED) process.on(signal, forward);
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => {
      for (const name of FORWARDED) process.off(name, forward);
      const endedBy = interruptedBy ?? signal;
      if (interruptedBy) process.exit(128 + constants.signals[interruptedBy]);
      resolve(endedBy ? 128 + constants.signals[endedBy] : code);
    });
  });
}

/** Runs the pinned pnpm through npx, so that Node and npm are all a machine needs. */
export function pnpm(args, options) {
  return run('npx', ['--yes', pnpmSpec(), ...args], options);
}

/** Turns an exit code other than 0 into an error. */
export async function succeed(what, exitCode) {
  const code = await exitCode;
  if (code !== 0) throw new Error(`${what} failed with exit code ${code}`);
}

/**
 * The environment for installing and building: without NODE_ENV, which would make pnpm leave out the
 * build tools (production) or make vite bundle React's development build (anything else).
 */
export function toolEnv() {
  const { NODE_ENV: _, ...env } = process.env;
  return env;
}

// pnpm and turbo make their children print colours, even when the output goes to a file.
function plainOutput() {
  return process.stdout.isTTY ? {} : { NO_COLOR: '1', FORCE_COLOR: '0' };
}

function signalGroup({ pid, grouped, signal }) {
  if (pid === undefined) return;
  try {
    process.kill(grouped ? -pid : pid, signal);
  } catch (error) {
    if (error.code !== 'ESRCH') throw error;
  }
}
