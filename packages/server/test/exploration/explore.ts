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
  const [as, swapped] = [spell(world, (tab) => tab), spell(world, (tab) => 1 - tab)];
  return [as, swapped].sort()[0] ?? as;
}

function spell(
  { server, tabs, requests, responses, rotations, backup, ...rest }: World,
  nameOf: (tab: number) => number,
) {
  const rename = (text: string) => text.replace(/tab (\d)/, (_, tab) => `tab ${nameOf(Number(tab))}`);
  const stored = (state: typeof server) => ({ ...state, attempts: state.attempts.map(rename) });
  return JSON.stringify([
    stored(server),
    backup && stored(backup),
    nameOf(0) === 0 ? tabs : tabs.toReversed(),
    requests
      .map(({ tab, episode, ...request }) => JSON.stringify([nameOf(tab), rename(episode), request]))
      .sort(),
    responses.map(({ tab, generation }) => `${nameOf(tab)} ${generation}`).sort(),
    rotations.map(rename).sort(),
    rest,
  ]);
}
