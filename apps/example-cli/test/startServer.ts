import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const MAIN = fileURLToPath(new URL('../../api/dist/index.js', import.meta.url));

/** Starts the built server app with its own data. Access tokens live 2 s. */
export async function startServer() {
  const dataDir = await mkdtemp(join(tmpdir(), 'latchkey-example-cli-'));
  const env = {
    PATH: process.env.PATH,
    NODE_ENV: 'test',
    BCRYPT_COST: '4',
    ACCESS_TOKEN_EXPIRY: '2s',
    REFRESH_GRACE: '2s',
    DATA_DIR: dataDir,
  };
  let { child, port } = await run({ ...env, PORT: '0' });
  const kill = async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGKILL');
    await once(child, 'exit');
  };
  return {
    url: `http://localhost:${port}/trpc`,
    /** Kills the process, as a crash would. */
    kill,
    /** Starts it again with the same port and data. */
    restart: async () => {
      ({ child, port } = await run({ ...env, PORT: String(port) }));
    },
    [Symbol.asyncDispose]: async () => {
      await kill();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

/** Resolves when the process has logged that it listens. */
function run(env: NodeJS.ProcessEnv): Promise<{ child: ChildProcess; port: number }> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [MAIN], { env, stdio: ['ignore', 'pipe', 'pipe'] });
    const lines: string[] = [];
    for (const input of [child.stdout, child.stderr])
      createInterface({ input }).on('line', (line) => {
        lines.push(line);
        if (line.includes('"msg":"listening"')) resolve({ child, port: JSON.parse(line).port });
      });
    child.once('exit', (code) => reject(new Error(`the server ended with ${code}:\n${lines.join('\n')}`)));
  });
}
