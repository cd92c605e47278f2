import { type Bounds, brokenIn, type Decide, INITIAL_WORLD, type Step, steps, type World } from './world.js';

/** What an exploration saw. */
export interface Exploration {
  states: number;
  transitions: number;
  /** The shortest way to a broken invariant, if there is one, ready to be read. */
  trace: string[] | undefined;
}

/** A world that is still to be looked at. */
interface Found {
  readonly world: World;
  readonly key: string;
}

/** Visits every state within the bounds, breadth first, so that the first trace found is a shortest one. */
export function explore(judge: Decide, bounds: Bounds): Exploration {
  const arrivals = new Map<string, { from: string; name: string } | undefined>();
  const start = keyOf(INITIAL_WORLD);
  let frontier: Found[] = [{ world: INITIAL_WORLD, key: start }];
  let transitions = 0;
  arrivals.set(start, undefined);

  const traceTo = (key: string, last: string): string[] => {
    const names = [last];
    for (let arrival = arrivals.get(key); arrival !== undefined; arrival = arrivals.get(arrival.from)) {
      names.unshift(arrival.name);
    }
    return names;
  };

  while (frontier.length > 0) {
    const next: Found[] = [];
    for (const { world, key } of frontier) {
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

  function visit({ name, world }: Step, from: string, next: Found[]) {
    const key = keyOf(world);
    if (arrivals.has(key)) return;
    arrivals.set(key, { from, name });
    next.push({ world, key });
  }
}

/** Worlds that differ only in the order of messages, or in which tab is called the first, are one. */
function keyOf(world: World): string {
  const [first, mirrored] = [spell(world, 0), spell(world, 1)];
  return [first, mirrored].sort()[0] ?? first;
}

/** In few characters, because this is where the time and the memory go. `mirrored` is 1 to exchange the tabs. */
function spell(world: World, mirrored: 0 | 1): string {
  const codes: number[] = [];
  spellServer(world.server, mirrored, codes);
  if (world.backup !== undefined) spellServer(world.backup, mirrored, codes);
  codes.push(END);
  for (const index of [mirrored, 1 - mirrored]) {
    const tab = world.tabs[index];
    if (tab !== undefined) codes.push(pack(tab.holds, tab.epoch, Number(tab.waiting)));
  }
  spellUnordered(world.requests, (request) => requestCode(request, mirrored), codes);
  spellUnordered(
    world.responses,
    ({ tab, generation, epoch }) => pack(tab ^ mirrored, generation, epoch),
    codes,
  );
  spellUnordered(world.rotations, (name) => rotationCode(name, mirrored), codes);
  const { thief, jar, epoch, signedOut, ended } = world;
  codes.push(pack(jar, epoch, flags(signedOut, ended)));
  codes.push(pack(thief.holds + 1, thief.epoch, flags(thief.answered, thief.tried)));
  return String.fromCharCode(...codes);
}

/** Ends a list; no packed number is as large. */
const END = 0xffff;

/** Three numbers below 16 as one character code. */
function pack(a: number, b: number, c: number): number {
  if (a <= 15 && b <= 15 && c <= 15) return (a << 8) | (b << 4) | c;
  throw new Error(`Worlds are spelt in numbers below 16, not ${a}, ${b}, ${c}.`);
}

function flags(a: boolean, b: boolean) {
  return Number(a) + 2 * Number(b);
}

const GRACE_CODE = { none: 0, open: 1, over: 2 };

function spellServer(state: World['server'], mirrored: 0 | 1, codes: number[]): void {
  const { generation, movedFrom, acknowledged, grace, epoch, healed, revoked } = state;
  codes.push(
    pack(generation, movedFrom, acknowledged),
    pack(GRACE_CODE[grace], epoch, flags(healed, revoked)),
  );
  for (const episode of state.attempts) codes.push(episodeCode(episode, mirrored));
  codes.push(END);
}

/** Each item's code may take 24 bits. */
function spellUnordered<T>(items: readonly T[], codeOf: (item: T) => number, codes: number[]): void {
  if (items.length === 1 && items[0] !== undefined) {
    const code = codeOf(items[0]);
    codes.push(code >> 12, code & 0xfff);
  } else if (items.length > 1) {
    for (const code of items.map(codeOf).sort((a, b) => a - b)) codes.push(code >> 12, code & 0xfff);
  }
  codes.push(END);
}

const EPISODE = /^([01])@(\d+)$/;

/** `tab@generation`, or nothing. */
function episodeCode(episode: string, mirrored: 0 | 1): number {
  if (episode === '') return pack(2, 0, 0);
  const [, tab, generation] = EPISODE.exec(episode) ?? [];
  if (tab === undefined) throw new Error(`No episode of a tab: ${episode}`);
  return pack(Number(tab) ^ mirrored, Number(generation), 0);
}

function requestCode(request: World['requests'][number], mirrored: 0 | 1): number {
  const { tab, generation, awaited, beforeRollback, copies } = request;
  const state = pack(generation, (tab ^ mirrored) + 2 * copies, flags(awaited, beforeRollback));
  return (state << 12) | episodeCode(request.episode, mirrored);
}

/** `generation by episode`. */
function rotationCode(name: string, mirrored: 0 | 1): number {
  const [generation, episode = ''] = name.split(' by ');
  return (pack(Number(generation), 0, 0) << 12) | episodeCode(episode, mirrored);
}
