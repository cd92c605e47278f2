import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../../src/env/freePort.js';
import { parseEnv } from '../../src/env/parseEnv.js';
import { createLog } from '../../src/log.js';
import { startApp } from '../../src/startApp.js';

/** The whole app in this process, reached over HTTP. */
export interface TestServer extends AsyncDisposable {
  url: string;
  /** The lines that it has logged so far. */
  log: string[];
}

/** Starts the app on a free port. */
export async function startTestServer(env: Record<string, string>): Promise<TestServer> {
  const dataDir = await mkdtemp(join(tmpdir(), 'latchkey-api-'));
  const port = String(await freePort('127.0.0.1'));
  const log: string[] = [];
  const app = await startApp({
    env: parseEnv({ NODE_ENV: 'test', BCRYPT_COST: '4', DATA_DIR: dataDir, PORT: port, ...env }),
    log: createLog({ write: (line) => void log.push(line) }),
  });
  return {
    url: `http://localhost:${app.port}`,
    log,
    async [Symbol.asyncDispose]() {
      await app.stop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}
