import { type Bounds, brokenIn, type Decide, initialWorld, type Step, steps, type World } from './world.js';

/** What an exploration saw. */
export interface Exploration {
  states: number;
  transitions: number;
  /** The shortest way to a broken invariant, if there is one, ready to be read. */
  trace: string[] | undefined;
}

/** Visits every state within the bounds, breadth first, so that the first trace found is a shortest one. */
export function explore(judge: Decide, bounds: Bounds): Exploration {
  const arrivals = new Map<string, { from: string; name: string } | undefined>();
  let frontier: World[] = [initialWorld];
  let transitions = 0;
  arrivals.set(keyOf(initialWorld), undefined);

  const traceTo = (key: string, last: string): string[] => {
    const names = [last];
    for (let arrival = arrivals.get(key); arrival !== undefined; arrival = arrivals.get(arrival.from)) {
      names.unshift(arrival.name);
    }
    return names;
  };

  while (frontier.length > 0) {
    const next: World[] = [];
    for (const world of frontier) {
      const key = keyOf(world);
      const broken = brokenIn(world, judge);
      if (broken !== undefined)
        return { states: arrivals.size, transitions, trace: traceTo(key, `✗ ${broken}`) };
      for (const step of steps(world, judge, bounds)) {
        transitions += 1;
        if (step.broken !== undefined) {
          return {
            states: arrivals.size,
            transitions,
            trace: [...traceTo(key, step.name), `✗ ${step.broken}`],
          };
        }
        visit(step, key, next);
      }
    }
    frontier = next;
  }
  return { states: arrivals.size, transitions, trace: undefined };

  function visit({ name, world }: Step, from: string, next: World[]) {
    const key = keyOf(world);
    if (arrivals.has(key)) return;
    arrivals.set(key, { from, name });
    next.push(world);
  }
}

/** Worlds that differ only in the order of messages, or in which tab is called the first, are one. */
function keyOf(world: World): string {
  const [first, mirrored] = [spell(world, false), spell(world, true)];
  return [first, mirrored].sort()[0] ?? first;
}

/** Spelt by hand: this is where the time goes. */
function spell(world: World, mirrored: boolean): string {
  const tabName = (tab: number) => (mirrored ? 1 - tab : tab);
  const rename = (episode: string) =>
    mirrored && episode !== '' ? `${1 - Number(episode[0])}${episode.slice(1)}` : episode;
  const stored = (state: World['server'] | undefined) =>
    state === undefined
      ? '-'
      : `${state.generation},${state.movedFrom},${state.healed},${state.grace},${state.acknowledged},${state.attempts.map(rename)},${state.revoked},${state.epoch}`;
  const tabs = world.tabs.map(({ holds, epoch, waiting }) => `${holds},${epoch},${waiting}`);
  const requests = world.requests.map(
    ({ tab, generation, episode, awaited, copies, beforeRollback }) =>
      `${tabName(tab)},${generation},${rename(episode)},${awaited},${copies},${beforeRollback}`,
  );
  const responses = world.responses.map(
    ({ tab, generation, epoch }) => `${tabName(tab)},${generation},${epoch}`,
  );
  const rotations = world.rotations.map((name) => {
    const [generation, episode = ''] = name.split(' by ');
    return `${generation},${rename(episode)}`;
  });
  const { thief, jar, epoch, signedOut, ended } = world;
  return [
    stored(world.server),
    stored(world.backup),
    mirrored ? tabs.reverse().join(';') : tabs.join(';'),
    requests.sort().join(';'),
    responses.sort().join(';'),
    rotations.sort().join(';'),
    `${jar},${epoch},${signedOut},${ended},${thief.holds},${thief.epoch},${thief.answered},${thief.tried}`,
  ].join('|');
}
