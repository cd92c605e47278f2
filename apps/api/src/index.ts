import { freePort } from './env/freePort.js';
import type { Env } from './env/parseEnv.js';
import { readEnv } from './env/readEnv.js';
import { createLog, type Logger } from './log.js';
import { type RunningApp, startApp } from './startApp.js';

const log = createLog();
const env = await settlePort(readEnv(process.env));

// An unhandled rejection is a fault of one request; the others go on.
process.on('unhandledRejection', (error) => log.error({ err: error }, 'unhandled rejection'));

try {
  const app = await startApp({ env, log });
  stopOnSignals(app, log);
  log.info({ port: app.port }, 'listening');
} catch (error) {
  log.fatal({ err: error }, 'could not start');
  process.exit(1);
}

async function settlePort(env: Env): Promise<Env> {
  return env.port === 0 ? readEnv({ ...process.env, PORT: String(await freePort(env.host)) }) : env;
}

function stopOnSignals(app: RunningApp, log: Logger) {
  let stopping = false;
  const end = async (exitCode: number) => {
    try {
      await app.stop();
      process.exit(exitCode);
    } catch (error) {
      log.fatal({ err: error }, 'could not stop cleanly');
      process.exit(1);
    }
  };
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    // Not `once`: a signal to npm's process group comes twice, from the group and from npm.
    process.on(signal, () => {
      if (!stopping) log.info({ signal }, 'stopping');
      stopping = true;
      void end(0);
    });
  }
  // An exception outside of requests may have left anything half done: finish what is in flight and exit.
  process.once('uncaughtException', (error) => {
    log.fatal({ err: error }, 'uncaught exception');
    void end(1);
  });
}
