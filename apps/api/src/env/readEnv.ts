import { type Env, EnvError, parseEnv } from './parseEnv.js';

/** Reads the environment of this process. Prints every problem and ends the process if there is one. */
export function readEnv(source: NodeJS.ProcessEnv): Env {
  try {
    return parseEnv(source);
  } catch (error) {
    if (!(error instanceof EnvError)) throw error;
    for (const problem of error.problems) console.error(problem);
    process.exit(1);
  }
}
