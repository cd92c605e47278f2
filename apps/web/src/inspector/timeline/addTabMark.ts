import type { TabInfo } from '../tap/shareWithTabs.js';
import type { TabMark, TokenMark } from '../tap/tabMark.js';
import type { Timeline } from './createTimeline.js';
import type { Lane, Mark } from './mark.js';

/** Whether a state lasts until the next one. */
function lasts(mark: TabMark) {
  return mark.kind === 'status' && mark.status === 'unreachable';
}

function isWorthShowing(mark: TabMark) {
  return mark.kind !== 'status' || mark.status === 'unreachable' || mark.status === 'ended';
}

/** Marks may arrive twice or out of order: a token ends where the next one begins or where its session ended. */
function endOfToken(lane: Lane, { at, end }: TokenMark): number {
  const isLater = ({ from }: Mark) => from > at;
  const next = lane.bars.find((mark) => mark.what.kind === 'token' && isLater(mark));
  const over = lane.points.find((mark) => isEnd(mark) && isLater(mark));
  return Math.min(end, next?.from ?? end, over?.from ?? end);
}

function isEnd({ what }: Mark) {
  return what.kind === 'status' && what.status === 'ended';
}

function spanOf(lane: Lane, mark: TabMark) {
  if (mark.kind === 'token') return { from: mark.at, to: endOfToken(lane, mark) };
  if (mark.kind === 'status') return lasts(mark) ? { from: mark.at } : { from: mark.at, to: mark.at };
  return mark.end === undefined ? { from: mark.at } : { from: mark.at, to: mark.end };
}

/** Ends a bar of a lane at `at` if it lasts longer. */
export function endBar(
  timeline: Timeline,
  lane: Lane,
  { kind, at }: { kind: Mark['what']['kind']; at: number },
): void {
  const bar = lane.bars.findLast(({ what }) => what.kind === kind);
  if (bar && bar.from <= at && (bar.to ?? Number.POSITIVE_INFINITY) > at) timeline.put({ ...bar, to: at });
}

/** Adds a tab's mark to a timeline. */
export function addTabMark(timeline: Timeline, tab: TabInfo, mark: TabMark): void {
  const lane = timeline.addLane({ id: tab.id, kind: tab.kind, label: labelOf(timeline, tab) });
  lane.isGone = false;
  const id = `${tab.id}/${mark.id}`;
  if (mark.kind === 'status') {
    endBar(timeline, lane, { kind: 'status', at: mark.at });
    if (mark.status === 'ended') endBar(timeline, lane, { kind: 'token', at: mark.at });
  }
  if (mark.kind === 'token' && !timeline.find(id)) endBar(timeline, lane, { kind: 'token', at: mark.at });
  if (isWorthShowing(mark)) timeline.put({ id, lane: tab.id, what: mark, ...spanOf(lane, mark) });
}

function labelOf(timeline: Timeline, { kind }: TabInfo) {
  const number = timeline.lanes().filter((lane) => lane.kind === kind && !lane.isGone).length + 1;
  if (kind === 'worker') return `Worker ${number}`;
  return number === 1 ? 'This tab' : `Tab ${number}`;
}
