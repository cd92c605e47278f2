import { type Env, EnvError, parseEnv } from './parseEnv.js';

/** Reads the environment of this process; with a bad one it names every problem and ends the process. */
export function readEnv(source: NodeJS.ProcessEnv): Env {
  try {
    return parseEnv(source);
  } catch (error) {
    if (!(error instanceof EnvError)) throw error;
    for (const problem of error.problems) console.error(problem);
    process.exit(1);
  }
}
