import type { TabMark } from '../tap/tabMark.js';
import { createServerScribe } from '../timeline/addServerEvent.js';
import { addTabMark } from '../timeline/addTabMark.js';
import type { Timeline } from '../timeline/createTimeline.js';
import type { Recording, RecordingEntry } from './recording.js';

/** Milliseconds for which the end stays visible before the recording starts again. */
const PAUSE = 6_000;

/** Moves a mark in time. */
export function shift(mark: TabMark, by: number): TabMark {
  const moved: Record<string, number> = {};
  for (const [key, value] of Object.entries(mark))
    if (typeof value === 'number' && value > 1e12) moved[key] = value + by;
  return Object.assign({}, mark, moved);
}

/** Plays a recording in a loop at its original pace; returns a function that stops it. */
export function playRecording(timeline: Timeline, recording: Recording, now: () => number): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  nameTabs(timeline, recording);

  const play = (round: number) => {
    const begun = now();
    const by = begun - recording.begun;
    const addServerEvent = createServerScribe(timeline, `recording-${round}`);
    const add = (entry: RecordingEntry) => {
      if ('mark' in entry) {
        const { tab, mark } = entry;
        addTabMark(timeline, tab, { ...shift(mark, by), id: `${round}-${mark.id}` });
      } else addServerEvent({ event: entry.event, number: entry.number, offset: -by });
    };
    const step = (index: number) => {
      const entry = recording.entries[index];
      const due = begun + (entry ? entry.after : recording.length + PAUSE);
      timer = setTimeout(() => {
        if (entry) add(entry);
        if (entry) step(index + 1);
        else play(round + 1);
      }, due - now());
    };
    step(0);
  };
  play(0);
  return () => clearTimeout(timer);
}

/** Numbers the tabs, because none of them is the visitor's own. */
function nameTabs(timeline: Timeline, { entries }: Recording) {
  const tabs = new Map(entries.flatMap((entry) => ('tab' in entry ? [[entry.tab.id, entry.tab]] : [])));
  for (const [index, { id, kind }] of [...tabs.values()].entries())
    timeline.addLane({ id, kind, label: `Tab ${index + 1}` });
}
