import type { Recorder } from './recorder.js';
import type { TabMark } from './tabMark.js';

/** Who a tab is. */
export interface TabInfo {
  readonly id: string;
  /** A page that somebody sees, or a worker that does the same without one. */
  readonly kind: 'page' | 'worker';
}

/** What tabs and inspectors say to each other. */
export type InspectorMessage =
  /** An inspector asks who is there, at first for all that was; again from time to time, else the tabs fall silent. */
  | { readonly ask: 'all' | 'news' }
  /** A tab has come, which inspectors may want to ask. */
  | { readonly came: true }
  | { readonly tab: TabInfo; readonly marks: readonly TabMark[] }
  | { readonly gone: string };

export const INSPECTOR_CHANNEL = 'latchkey-inspector';

/** Longer than browsers let timers of hidden pages wait, in milliseconds. */
const PATIENCE = 90_000;

/** Tells inspectors in any tab what is recorded in this one, for as long as one asks. */
export function shareWithTabs(recorder: Recorder, tab: TabInfo): void {
  if (!('BroadcastChannel' in globalThis)) return;
  const channel = new BroadcastChannel(INSPECTOR_CHANNEL);
  const say = (message: InspectorMessage) => channel.postMessage(message);
  let askedAt = Number.NEGATIVE_INFINITY;
  channel.onmessage = ({ data }: MessageEvent<InspectorMessage>) => {
    if (!('ask' in data)) return;
    const wantsAll = data.ask === 'all' || recorder.now() - askedAt > PATIENCE;
    askedAt = recorder.now();
    say({ tab, marks: wantsAll ? recorder.marks() : [] });
  };
  recorder.listen((mark) => {
    if (recorder.now() - askedAt < PATIENCE) say({ tab, marks: [mark] });
  });
  say({ came: true });
  globalThis.addEventListener?.('pagehide', () => say({ gone: tab.id }));
}
