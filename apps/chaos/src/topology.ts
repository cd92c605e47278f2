import { randomBytes } from 'node:crypto';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ChaosPlan } from './chaosPlan.js';
import { freePorts } from './freePorts.js';
import { createNodeProcess, type NodeProcess } from './nodeProcess.js';

/** The database process. It keeps its URI when it is killed and started. */
export interface DatabaseProcess extends NodeProcess {
  readonly uri: string;
  /** Kills the database, copies its files and starts it again. */
  copy(): Promise<void>;
  /** Kills the database, replaces its files by the copy and starts it again. */
  restore(): Promise<void>;
}

/** A server process and its fixed port. */
export interface ServerNode extends NodeProcess {
  readonly name: string;
  readonly port: number;
}

/** Server processes on one database. */
export interface Topology extends AsyncDisposable {
  readonly database: DatabaseProcess;
  readonly nodes: readonly ServerNode[];
}

export interface TopologyListener {
  /** Receives each line that a process writes. */
  readonly onLine: (line: string) => void;
  /** Is called when a process ends without being killed. */
  readonly onProblem: (problem: string) => void;
}

function path(relative: string) {
  return fileURLToPath(new URL(relative, import.meta.url));
}

const serverEntry = path('../../api/dist/index.js');
const databaseEntry = path('../../../packages/mongo-embedded/dist/cli.js');
const clockPreload = new URL('../preload/skewedClock.js', import.meta.url).href;

function secret() {
  return randomBytes(32).toString('base64url');
}

/** Starts the database and the server processes. The clock of the last server is wrong. */
export async function startTopology(plan: ChaosPlan, listener: TopologyListener): Promise<Topology> {
  const folder = await mkdtemp(join(tmpdir(), 'latchkey-chaos-'));
  const [databasePort = 0, ...ports] = await freePorts(1 + plan.servers);
  const database = createDatabase({ folder, port: databasePort, listener });
  const env = serverEnv(plan, { folder, uri: database.uri });
  const nodes = ports.map((port, index): ServerNode => {
    const name = `server ${index + 1}`;
    const isSkewed = index === plan.servers - 1;
    const process = createNodeProcess({
      ...listener,
      name,
      args: isSkewed ? ['--import', clockPreload, serverEntry] : [serverEntry],
      env: { ...env, PORT: String(port), ...(isSkewed && { CLOCK_SKEW_MS: String(plan.clockSkewMs) }) },
      isReady: (line) => line.includes('"msg":"listening"'),
    });
    return { ...process, name, port };
  });
  await database.start();
  await Promise.all(nodes.map((node) => node.start()));
  return {
    database,
    nodes,
    async [Symbol.asyncDispose]() {
      await Promise.all([...nodes, database].map((process) => process.kill()));
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function serverEnv(plan: ChaosPlan, { folder, uri }: { folder: string; uri: string }) {
  return {
    NODE_ENV: 'test',
    BCRYPT_COST: '4',
    DATA_DIR: folder,
    MONGODB_URI: uri,
    ACCESS_TOKEN_SECRET: secret(),
    REFRESH_TOKEN_SECRET: secret(),
    PASSWORD_PEPPER: secret(),
    ACCESS_TOKEN_EXPIRY: `${plan.accessLifeMs}ms`,
    REFRESH_GRACE: `${plan.graceMs}ms`,
    // Every client has its own address, which the proxy passes on.
    TRUST_PROXY: '1',
  };
}

function createDatabase(options: {
  folder: string;
  port: number;
  listener: TopologyListener;
}): DatabaseProcess {
  const { folder, port, listener } = options;
  const process = createNodeProcess({
    ...listener,
    name: 'database',
    args: [databaseEntry, '--port', String(port)],
    env: { DATA_DIR: folder },
    isReady: (line) => line.startsWith('mongodb://'),
  });
  const files = join(folder, 'mongo', 'data');
  const copied = join(folder, 'copy');
  return {
    ...process,
    uri: `mongodb://127.0.0.1:${port}/chaos`,
    async copy() {
      // The files of a running database cannot be copied consistently.
      await process.kill();
      await cp(files, copied, { recursive: true });
      await process.start();
    },
    async restore() {
      await process.kill();
      await rm(files, { recursive: true });
      await cp(copied, files, { recursive: true });
      await process.start();
    },
  };
}
