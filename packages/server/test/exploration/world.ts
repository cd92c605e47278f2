import type { Decision, decide, PresentedToken, SessionState } from '../../src/session/decide.js';

/** The explored function: `decide` itself, or a broken copy of it, which may also forgive without doubt. */
export type Decide = (...args: Parameters<typeof decide>) => Decision & { readonly undoubting?: true };

/** The session on the server; its generation stands for its secret, because the chain never forks. */
interface ServerState {
  generation: number;
  movedFrom: number;
  healed: boolean;
  grace: 'none' | 'open' | 'over';
  acknowledged: number;
  attempts: string[];
  revoked: boolean;
  /** When the current generation began. */
  epoch: Epoch;
}

/**
 * Before (0) or after (1) the database went back in time, or after a token was forgiven (2). It stands for the `iat` of
 * an access token.
 */
type Epoch = 0 | 1 | 2;

/** A refresh on its way to the server; `awaited` until its tab gives up. */
interface Request {
  tab: number;
  generation: number;
  /** `tab@generation`: the SDK keeps an episode's id until the generation that it holds changes. */
  episode: string;
  awaited: boolean;
  copies: number;
  beforeRollback: boolean;
}

/** The whole state: one session, two tabs with one cookie jar, a network, a thief, a backup. */
export interface World {
  server: ServerState;
  /** Generation of the token in the cookie jar. */
  jar: number;
  /** Generation of the access token that each tab holds, and whether it waits for an answer. */
  tabs: { holds: number; epoch: Epoch; waiting: boolean }[];
  requests: Request[];
  responses: { tab: number; generation: number; epoch: Epoch }[];
  /** What the thief holds (-1: nothing), and whether the server has ever answered it. */
  thief: { holds: number; epoch: Epoch; answered: boolean; tried: boolean };
  backup: ServerState | undefined;
  /** 1 once the backup was restored, 2 once a token was forgiven. */
  epoch: Epoch;
  /** Which requests have moved the session on, as `generation by episode`. */
  rotations: string[];
  signedOut: boolean;
  ended: boolean;
}

/** One thing that can happen, in words, and the world after it; `broken` names an invariant that it broke. */
export interface Step {
  name: string;
  world: World;
  broken?: string;
}

/** How much of the world is explored. */
export interface Bounds {
  generations: number;
  messages: number;
  thief: boolean;
  rollback: boolean;
}

export const INITIAL_WORLD: World = {
  server: {
    generation: 0,
    movedFrom: 0,
    healed: false,
    grace: 'none',
    acknowledged: 0,
    attempts: [],
    revoked: false,
    epoch: 0,
  },
  jar: 0,
  tabs: [
    { holds: 0, epoch: 0, waiting: false },
    { holds: 0, epoch: 0, waiting: false },
  ],
  requests: [],
  responses: [],
  thief: { holds: -1, epoch: 0, answered: false, tried: false },
  backup: undefined,
  epoch: 0,
  rotations: [],
  signedOut: false,
  ended: false,
};

const NOW = 1_000;
const GRACE = 10;
const POLICY = { graceMs: GRACE, healLimit: 8 };
const GRACE_FROM = { none: null, open: NOW, over: NOW - GRACE };
const EPISODES_KEPT = 4;

function secret(generation: number) {
  return `secret ${generation}`;
}

function token(generation: number, episode?: string): PresentedToken {
  return {
    generation,
    hash: secret(generation),
    hashAt: secret,
    episode,
  };
}

function stateOf({ server, ended }: World): SessionState {
  const end = ended ? NOW : NOW + 1;
  return {
    generation: server.generation,
    currentHash: secret(server.generation),
    movedFrom: server.movedFrom,
    healed: server.healed,
    graceFrom: GRACE_FROM[server.grace],
    acknowledged: server.acknowledged,
    attempts: server.attempts,
    idleExpiresAt: end,
    expiresAt: end,
    revoked: server.revoked,
  };
}

/** What the server does with a token: the decision, and the generation it grants, if it does. */
interface Outcome {
  decision: Decision;
  granted: number | undefined;
  world: World;
}

function present(world: World, presented: PresentedToken, judge: Decide): Outcome {
  const decision = judge(stateOf(world), presented, { now: NOW, policy: POLICY });
  const { server } = world;
  const after = (change: Partial<ServerState>, granted?: number): Outcome => ({
    decision,
    granted,
    world: { ...world, server: { ...server, ...change } },
  });
  switch (decision.kind) {
    case 'rotate':
    case 'heal': {
      const generation = presented.generation + 1;
      const attempts = [presented.episode ?? '', ...server.attempts].slice(0, EPISODES_KEPT);
      const movedFrom = server.generation;
      const healed = decision.kind === 'heal';
      return after(
        { generation, movedFrom, healed, attempts, grace: 'open', epoch: world.epoch },
        generation,
      );
    }
    case 'replay': {
      return after(decision.late ? { grace: 'open' } : {}, server.generation);
    }
    case 'forgive': {
      if (decision.undoubting) return after({ grace: 'open', healed: false }, server.generation);
      const doubted = { acknowledged: server.generation - 1, grace: 'open', healed: false } as const;
      const { world: forgiven } = after({ ...doubted, epoch: 2 });
      return { decision, granted: server.generation, world: { ...forgiven, epoch: 2 } };
    }
    case 'reuse':
      return after({ revoked: true });
    default:
      return after({});
  }
}

/** Whether nothing has happened that may end the session of the tabs. */
function isUndisturbed(world: World) {
  return !world.thief.tried;
}

function nameOf({ generation, episode }: Request) {
  return `${generation} by ${episode}`;
}

/**
 * The protocol's assumptions. No request outlives the grace period, except late copies of the one that rotated, which
 * may arrive at any time. No request outlives a rollback and a grace period after it.
 */
function onlyLateCopiesRemain({ requests, responses, rotations }: World) {
  return (
    responses.length === 0 &&
    requests.every(
      (request) => !request.awaited && !request.beforeRollback && rotations.includes(nameOf(request)),
    )
  );
}

/** The invariants that one answer of the server can break. */
function brokenBy(
  before: World,
  { decision, granted, world }: Outcome,
  { from, generation }: { from: 'tab' | 'thief'; generation: number },
): string | undefined {
  if (granted !== undefined) {
    if (generation < before.server.movedFrom) return '3: a token from before the last move was answered';
    if (granted !== world.server.generation) return '2: a token that is not the current one was granted';
    return undefined;
  }
  const refusedInEarnest = decision.kind !== 'stale';
  if (from === 'tab' && isUndisturbed(before) && refusedInEarnest)
    return `1: a false alarm (${decision.kind})`;
  return undefined;
}

/** Whether the server notices a superseded token whose successor was used, after grace, from another episode. */
function isCaught(before: World, generation: number, { granted, world }: Outcome): boolean {
  const { server } = before;
  const superseded = generation < server.generation && server.acknowledged >= server.generation;
  if (!superseded || server.grace === 'open' || server.revoked || server.healed) return true;
  return granted === undefined && world.server.revoked;
}

/** Whether the session was signed out or is past its end, after which nothing happens. */
export function isOver({ signedOut, ended }: World): boolean {
  return signedOut || ended;
}

/** Everything that can happen next. */
export function* steps(world: World, judge: Decide, bounds: Bounds): Generator<Step> {
  if (isOver(world)) return;
  yield* tabSteps(world, bounds);
  yield* networkSteps(world, judge);
  yield* timeSteps(world);
  if (bounds.thief) yield* thiefSteps(world, judge, bounds);
  if (bounds.rollback) yield* rollbackSteps(world);
  yield* strangerSteps(world, judge);
}

function replaced<T>(list: readonly T[], index: number, value: T) {
  return list.map((item, at) => (at === index ? value : item));
}

function removed<T>(list: readonly T[], index: number) {
  return list.filter((_, at) => at !== index);
}

/**
 * Whether the use of an access token acknowledges the current generation: it must be of that generation, and issued
 * since the generation began, so not at a time that a rollback undid.
 */
function acknowledges({ server }: World, { holds, epoch }: { holds: number; epoch: Epoch }) {
  return holds > server.acknowledged && holds === server.generation && epoch >= server.epoch;
}

function* tabSteps(world: World, bounds: Bounds): Generator<Step> {
  const { server, tabs, jar, requests } = world;
  for (const [index, tab] of tabs.entries()) {
    const waiting = (value: boolean) => replaced(tabs, index, { ...tab, waiting: value });
    const mayRefresh = !tab.waiting && jar < bounds.generations && requests.length < bounds.messages;
    if (mayRefresh) {
      const episode = `${index}@${tab.holds}`;
      const request = {
        tab: index,
        generation: jar,
        episode,
        awaited: true,
        copies: 1,
        beforeRollback: false,
      };
      yield {
        name: `tab ${index} sends a refresh with generation ${jar}`,
        world: { ...world, tabs: waiting(true), requests: [...requests, request] },
      };
    }
    if (tab.waiting) {
      yield {
        name: `tab ${index} gives up waiting`,
        world: {
          ...world,
          tabs: waiting(false),
          requests: requests.map((request) =>
            request.tab === index ? { ...request, awaited: false } : request,
          ),
          responses: world.responses.filter((response) => response.tab !== index),
        },
      };
    }
    if (acknowledges(world, tab)) {
      yield {
        name: `tab ${index} uses its access token of generation ${tab.holds}`,
        world: { ...world, server: { ...server, acknowledged: tab.holds } },
      };
    }
  }
  yield {
    name: 'a tab signs out',
    world: { ...world, signedOut: true, server: { ...server, revoked: true } },
  };
}

function* networkSteps(world: World, judge: Decide): Generator<Step> {
  for (const [index, request] of world.requests.entries()) {
    const { tab, generation, episode } = request;
    const outcome = present(world, token(generation, episode), judge);
    const broken = brokenBy(world, outcome, { from: 'tab', generation });
    const isAnswered = request.awaited && outcome.granted !== undefined;
    const tabs =
      request.awaited && !isAnswered
        ? world.tabs.map((other, at) => (at === tab ? { ...other, waiting: false } : other))
        : world.tabs;
    const responses = isAnswered
      ? [...world.responses, { tab, generation: outcome.granted ?? 0, epoch: outcome.world.epoch }]
      : world.responses;
    const { decision } = outcome;
    const moved = decision.kind === 'rotate' || decision.kind === 'heal';
    const rotations = moved ? [...new Set([...world.rotations, nameOf(request)])].sort() : world.rotations;
    const answered = { ...outcome.world, tabs, responses, rotations };
    const consumed = removed(world.requests, index);
    const about = `generation ${generation} of tab ${tab}: ${decision.kind}`;
    const step = (name: string, requests: Request[]): Step => ({
      name,
      world: { ...answered, requests },
      ...(broken === undefined ? {} : { broken }),
    });
    yield step(`the server receives ${about}`, consumed);
    if (request.copies > 0) {
      const copy = { ...request, awaited: false, copies: request.copies - 1 };
      yield step(`the server receives a first copy of ${about}`, replaced(world.requests, index, copy));
    }
    yield {
      name: `the request of tab ${tab} is lost`,
      world: {
        ...world,
        requests: consumed,
        tabs: request.awaited
          ? world.tabs.map((other, at) => (at === tab ? { ...other, waiting: false } : other))
          : world.tabs,
      },
    };
  }
  for (const [index, { tab, generation, epoch }] of world.responses.entries()) {
    const responses = removed(world.responses, index);
    const receiver = { holds: generation, epoch, waiting: false };
    yield {
      name: `tab ${tab} receives generation ${generation}`,
      world: { ...world, responses, jar: generation, tabs: replaced(world.tabs, tab, receiver) },
    };
    yield {
      name: `the response to tab ${tab} is lost`,
      world: {
        ...world,
        responses,
        tabs: world.tabs.map((other, at) => (at === tab ? { ...other, waiting: false } : other)),
      },
    };
  }
}

function* timeSteps(world: World): Generator<Step> {
  const { server } = world;
  if (server.grace === 'open' && onlyLateCopiesRemain(world)) {
    yield { name: 'the grace period ends', world: { ...world, server: { ...server, grace: 'over' } } };
  }
  yield { name: 'the session reaches its absolute end', world: { ...world, ended: true } };
}

function* thiefSteps(world: World, judge: Decide, bounds: Bounds): Generator<Step> {
  const { thief, server } = world;
  if (thief.holds < 0 && !thief.tried) {
    yield {
      name: 'a thief copies the cookie jar',
      world: { ...world, thief: { ...thief, holds: world.jar } },
    };
  }
  if (thief.holds < 0 || thief.holds > bounds.generations) return;
  const outcome = present(world, token(thief.holds), judge);
  const { granted } = outcome;
  const broken =
    brokenBy(world, outcome, { from: 'thief', generation: thief.holds }) ??
    (isCaught(world, thief.holds, outcome) ? undefined : '3: a superseded token that was used is not caught');
  yield {
    name: `the thief presents generation ${thief.holds}: ${outcome.decision.kind}`,
    world: {
      ...outcome.world,
      thief: {
        holds: granted ?? thief.holds,
        epoch: granted === undefined ? thief.epoch : outcome.world.epoch,
        answered: thief.answered || granted !== undefined,
        tried: true,
      },
    },
    ...(broken === undefined ? {} : { broken }),
  };
  if (thief.answered && acknowledges(world, thief)) {
    yield {
      name: 'the thief uses its access token',
      world: { ...world, server: { ...server, acknowledged: thief.holds } },
    };
  }
}

function* rollbackSteps(world: World): Generator<Step> {
  const { server, backup } = world;
  if (backup === undefined && world.epoch === 0) {
    yield { name: 'a backup is taken', world: { ...world, backup: server } };
  }
  // A backup from before a sign-out brings the session back: docs/protocol.md says so.
  if (backup === undefined || (server.revoked && !backup.revoked)) return;
  // Restoring may take longer or less than a grace period.
  const graces = backup.grace === 'open' ? (['open', 'over'] as const) : [backup.grace];
  for (const grace of graces) {
    if (grace !== 'open' && !onlyLateCopiesRemain(world)) continue;
    yield {
      name: `the database is restored to generation ${backup.generation} (grace: ${grace})`,
      world: {
        ...world,
        server: { ...backup, grace },
        backup: undefined,
        epoch: 1,
        rotations: world.rotations.filter((name) => Number.parseInt(name, 10) < backup.generation),
        requests: world.requests.map((request) => ({ ...request, beforeRollback: true })),
      },
    };
  }
}

/** A stranger who knows the session id but no secret. */
function* strangerSteps(world: World, judge: Decide): Generator<Step> {
  const { server } = world;
  for (let generation = server.movedFrom; generation <= server.generation; generation++) {
    const guess = { generation, hash: 'guess', hashAt: () => 'guess' };
    const outcome = present(world, guess, judge);
    const harmless = outcome.granted === undefined && outcome.world.server.revoked === server.revoked;
    if (!harmless) {
      yield {
        name: `a stranger presents a guess for generation ${generation}: ${outcome.decision.kind}`,
        world: outcome.world,
        broken: '1: a stranger without the secret moved or ended the session',
      };
    }
  }
}

/** Checks what must hold in every state: an end is final, the owner can go on, a thief is caught. */
export function brokenIn(world: World, judge: Decide): string | undefined {
  if (isOver(world)) return brokenAfterEnd(world, judge);
  const silent = world.requests.length === 0 && world.responses.length === 0;
  if (silent && isUndisturbed(world)) {
    const { granted, decision } = present(world, token(world.jar, 'a fresh episode'), judge);
    if (granted === undefined) return `1: the token in the jar is good for nothing (${decision.kind})`;
  }
  const isContested = world.thief.answered && !world.server.revoked;
  if (isContested && !endsContest(world, judge)) return '3: owner and thief go on side by side';
  return undefined;
}

/** After sign-out or the absolute end, no token of the session gets credentials, whoever presents it. */
function brokenAfterEnd(world: World, judge: Decide): string | undefined {
  const episodes = [undefined, ...world.requests.map(({ episode }) => episode)];
  for (let generation = 0; generation <= world.server.generation + 1; generation++) {
    for (const episode of episodes) {
      const { granted } = present(world, token(generation, episode), judge);
      if (granted === undefined) continue;
      return world.signedOut ? '4: credentials after sign-out' : '5: credentials after the absolute end';
    }
  }
  return undefined;
}

/** Lets owner and thief refresh by turns after grace and use what they get, until one sets off the alarm. */
function endsContest(world: World, judge: Decide): boolean {
  let now: World = world;
  let owner = world.jar;
  let thief = world.thief.holds;
  const turn = (generation: number, episode?: string) => {
    now = { ...now, server: { ...now.server, grace: now.server.grace === 'none' ? 'none' : 'over' } };
    const outcome = present(now, token(generation, episode), judge);
    now = outcome.world;
    if (outcome.granted !== undefined)
      now = { ...now, server: { ...now.server, acknowledged: outcome.granted } };
    return outcome.granted ?? generation;
  };
  for (let round = 0; round < 4 && !now.server.revoked; round++) {
    owner = turn(owner, `owner ${round}`);
    thief = turn(thief);
  }
  return now.server.revoked;
}
