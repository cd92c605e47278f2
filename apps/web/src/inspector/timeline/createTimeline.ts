import { isBar, type Lane, type Mark } from './mark.js';

const KEPT = 6_000;
const DROPPED_AT_ONCE = 1_000;

/** The marks of all lanes. */
export interface Timeline {
  lanes(): readonly Lane[];
  /** Adds a lane, or returns the existing one. The lanes of the server and the thief come first. */
  addLane(lane: Pick<Lane, 'id' | 'kind' | 'label'>): Lane;
  /** Marks a tab as closed and ends its open bars. */
  closeLane(id: string, at: number): void;
  /** Adds a mark, or changes the one with the same id. */
  put(mark: Mark): void;
  find(id: string): Mark | undefined;
  /** Grows with every change. */
  version(): number;
}

const RANK = { server: 0, thief: 1, page: 2, worker: 3 } as const;

/** Creates an empty timeline. Each lane drops its oldest marks. */
export function createTimeline(): Timeline {
  const lanes = new Map<string, Lane>();
  const marks = new Map<string, Mark>();
  let sorted: readonly Lane[] = [];
  let version = 0;

  const replace = (list: Mark[], before: Mark, after: Mark) => {
    // Most changes concern the newest mark.
    const index = list.lastIndexOf(before);
    if (index >= 0) list[index] = after;
  };

  const add = (list: Mark[], mark: Mark) => {
    let index = list.length;
    while (index > 0 && (list[index - 1]?.from ?? 0) > mark.from) index--;
    list.splice(index, 0, mark);
    if (list.length > KEPT) for (const { id } of list.splice(0, DROPPED_AT_ONCE)) marks.delete(id);
  };

  return {
    lanes: () => sorted,
    addLane: (about) => {
      const known = lanes.get(about.id);
      if (known) return known;
      const lane: Lane = { ...about, isGone: false, bars: [], points: [] };
      lanes.set(lane.id, lane);
      sorted = [...lanes.values()].sort((a, b) => RANK[a.kind] - RANK[b.kind]);
      version++;
      return lane;
    },
    put: (mark) => {
      const lane = lanes.get(mark.lane);
      if (!lane) return;
      const list = isBar(mark) ? lane.bars : lane.points;
      const before = marks.get(mark.id);
      marks.set(mark.id, mark);
      if (before) replace(list, before, mark);
      else add(list, mark);
      version++;
    },
    closeLane: (id, at) => {
      const lane = lanes.get(id);
      if (!lane || lane.isGone) return;
      lane.isGone = true;
      for (const list of [lane.bars, lane.points])
        for (const mark of list.filter(({ to = Number.POSITIVE_INFINITY }) => to > at))
          replace(list, mark, { ...mark, to: at });
      version++;
    },
    find: (id) => marks.get(id),
    version: () => version,
  };
}
