import { type Bounds, brokenIn, type Decide, INITIAL_WORLD, isOver, steps, type World } from './world.js';

/** What an exploration saw. */
export interface Exploration {
  states: number;
  transitions: number;
  /** The shortest way to a broken invariant, if there is one, one step a line. */
  trace: string[] | undefined;
}

/** The step that led to a state first, and the arrival at the state before. */
interface Arrival {
  readonly from: Arrival | undefined;
  readonly name: string;
}

/** A state that is still to be looked at. */
interface Found {
  readonly world: World;
  readonly arrival: Arrival;
}

/**
 * Visits every state within the bounds, breadth first, so that the first trace found is a shortest one.
 *
 * A session that is over goes nowhere: such a state is checked at once and not kept.
 */
export function explore(judge: Decide, bounds: Bounds): Exploration {
  const known = new Set([keyOf(INITIAL_WORLD)]);
  let frontier: Found[] = [{ world: INITIAL_WORLD, arrival: { from: undefined, name: '' } }];
  let states = 1;
  let transitions = 0;

  while (frontier.length > 0) {
    const next: Found[] = [];
    for (const { world, arrival } of frontier) {
      const broken = brokenIn(world, judge);
      if (broken !== undefined) return { states, transitions, trace: [...traceTo(arrival), `✗ ${broken}`] };
      for (const step of steps(world, judge, bounds)) {
        transitions += 1;
        const reached = { from: arrival, name: step.name };
        const ended = isOver(step.world);
        const failure = step.broken ?? (ended ? brokenIn(step.world, judge) : undefined);
        if (failure !== undefined)
          return { states, transitions, trace: [...traceTo(reached), `✗ ${failure}`] };
        if (!ended) {
          const key = keyOf(step.world);
          if (known.has(key)) continue;
          known.add(key);
          next.push({ world: step.world, arrival: reached });
        }
        states += 1;
      }
    }
    frontier = next;
  }
  return { states, transitions, trace: undefined };
}

function traceTo(last: Arrival): string[] {
  const names: string[] = [];
  for (let arrival = last; arrival.from !== undefined; arrival = arrival.from) names.unshift(arrival.name);
  return names;
}

/** Worlds that differ only in the order of messages or tabs have the same key. */
function keyOf(world: World): string {
  const first = spell(world, 0);
  const mirrored = spell(world, 1);
  if (mirrored < first) return mirrored;
  return first;
}

/** Writes a world in few characters, which take most of the time and memory. `mirrored` is 1 to swap the tabs. */
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

/** Ends a list; every packed number is smaller. */
const END = 0xffff;

/** Three numbers below 16 as one character code. */
function pack(a: number, b: number, c: number): number {
  if (a <= 15 && b <= 15 && c <= 15) return (a << 8) | (b << 4) | c;
  throw new Error(`The numbers must be below 16: ${a}, ${b}, ${c}.`);
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

/** The names of episodes and rotations are few, and reading one takes long. */
const CODES_OF_NAMES = [new Map<string, number>(), new Map<string, number>()];

function remembered(name: string, mirrored: 0 | 1, read: (name: string, mirrored: 0 | 1) => number): number {
  const codes = CODES_OF_NAMES[mirrored];
  const known = codes?.get(name);
  if (known !== undefined) return known;
  const code = read(name, mirrored);
  codes?.set(name, code);
  return code;
}

/** `tab@generation`, or nothing. */
function episodeCode(episode: string, mirrored: 0 | 1): number {
  return remembered(episode, mirrored, readEpisode);
}

function readEpisode(episode: string, mirrored: 0 | 1): number {
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
  return remembered(name, mirrored, readRotation);
}

function readRotation(name: string, mirrored: 0 | 1): number {
  const [generation, episode = ''] = name.split(' by ');
  return (pack(Number(generation), 0, 0) << 12) | episodeCode(episode, mirrored);
}
