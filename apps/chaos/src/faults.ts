import { setTimeout as sleep } from 'node:timers/promises';
import type { ChaosPlan } from './chaosPlan.js';
import type { Forgotten } from './ledger.js';
import type { Random } from './random.js';
import type { ServerNode, Topology } from './topology.js';

/** What happened to the processes. */
export interface FaultResult {
  readonly nodeKills: number;
  readonly databaseKills: number;
  readonly forgotten: Forgotten | undefined;
}

export interface FaultOptions {
  readonly plan: ChaosPlan;
  readonly topology: Topology;
  readonly random: Random;
  /** Resolves when the database may be restored. */
  readonly readyToRestore: Promise<unknown>;
  /** Is called after the restore. */
  readonly onRestored: () => void;
  /** Receives a line about each fault. */
  readonly say: (what: string) => void;
}

/** The least and the longest time before a killed process is started again, in milliseconds. */
const NODE_DOWN = [100, 1_500] as const;
const DATABASE_DOWN = [100, 3_000] as const;

/** Kills and restarts processes during the time of the plan. Resolves when all run again. */
export async function causeFaults(options: FaultOptions): Promise<FaultResult> {
  const over = performance.now() + options.plan.seconds * 1_000;
  const [nodeKills, database] = await Promise.all([killNodes(options, over), troubleDatabase(options, over)]);
  return { nodeKills, ...database };
}

async function killNodes({ plan, topology, random, say }: FaultOptions, over: number): Promise<number> {
  const draw = random.fork('nodes');
  const reviving = new Set<ServerNode>();
  const revivals: Promise<void>[] = [];
  const revive = async (node: ServerNode) => {
    await sleep(draw.between(...NODE_DOWN));
    await node.start();
    reviving.delete(node);
  };
  let kills = 0;
  for (;;) {
    const pause = draw.between(...plan.nodeKillEvery);
    const node = draw.pick(topology.nodes);
    if (performance.now() + pause > over) break;
    await sleep(pause);
    if (reviving.has(node)) continue;
    await node.kill();
    kills += 1;
    say(`${node.name} killed`);
    reviving.add(node);
    revivals.push(revive(node));
  }
  await Promise.all(revivals);
  return kills;
}

/** Kills, copies and restores the database, one after the other. */
async function troubleDatabase(options: FaultOptions, over: number) {
  const { plan, topology, random, readyToRestore, onRestored, say } = options;
  const { database } = topology;
  const draw = random.fork('database');
  const startedAt = over - plan.seconds * 1_000;
  let kills = 0;
  const killFor = async (milliseconds: number) => {
    await database.kill();
    kills += 1;
    say(`database killed for ${Math.round(milliseconds)} ms`);
    await sleep(milliseconds);
    await database.start();
  };
  const killUntil = async (end: number) => {
    for (;;) {
      const next = performance.now() + draw.between(...plan.databaseKillEvery);
      const down = draw.between(...DATABASE_DOWN);
      if (next + down > end) return sleep(Math.max(0, end - performance.now()));
      await sleep(next - performance.now());
      await killFor(down);
    }
  };

  await killUntil(startedAt + plan.copyAt);
  const from = performance.now();
  await database.copy();
  say('database killed and copied');
  await killUntil(startedAt + plan.restoreAt);
  await readyToRestore;
  await database.restore();
  const to = performance.now();
  say(`database killed and restored to a copy ${((to - from) / 1_000).toFixed(1)} s old`);
  onRestored();
  await killUntil(over);
  return { databaseKills: kills + 2, forgotten: { from, to } };
}
