import { INSPECTOR_CHANNEL, type InspectorMessage } from '../tap/shareWithTabs.js';
import type { Tap } from '../tap.js';
import { addTabMark } from '../timeline/addTabMark.js';
import type { Timeline } from '../timeline/createTimeline.js';

const ASK_EVERY_MS = 15_000;

/** Collects the marks of this tab and all others; returns a function that stops this. */
export function connectTabs(timeline: Timeline, { tab, recorder }: Tap): () => void {
  for (const mark of recorder.marks()) addTabMark(timeline, tab, mark);
  const stop = recorder.listen((mark) => addTabMark(timeline, tab, mark));
  if (!('BroadcastChannel' in globalThis)) return stop;

  const channel = new BroadcastChannel(INSPECTOR_CHANNEL);
  const ask = (what: 'all' | 'news') => channel.postMessage({ ask: what } satisfies InspectorMessage);
  channel.onmessage = ({ data }: MessageEvent<InspectorMessage>) => {
    if ('came' in data) ask('news');
    else if ('gone' in data) timeline.closeLane(data.gone, recorder.now());
    else if ('tab' in data) for (const mark of data.marks) addTabMark(timeline, data.tab, mark);
  };
  ask('all');
  const timer = setInterval(() => ask('news'), ASK_EVERY_MS);
  return () => {
    stop();
    clearInterval(timer);
    channel.close();
  };
}
