import type { Recorder } from './recorder.js';
import type { TabMark } from './tabMark.js';

export interface TabInfo {
  readonly id: string;
  /** A page, or a worker that acts like one. */
  readonly kind: 'page' | 'worker';
}

/** The messages between tabs and inspectors. */
export type InspectorMessage =
  /** An inspector asks for all marks, then from time to time for new ones; without that, tabs stop sending. */
  | { readonly ask: 'all' | 'news' }
  /** A new tab announces itself. */
  | { readonly came: true }
  | { readonly tab: TabInfo; readonly marks: readonly TabMark[] }
  | { readonly gone: string };

export const INSPECTOR_CHANNEL = 'latchkey-inspector';

/** In milliseconds; longer than browsers delay the timers of hidden pages. */
const PATIENCE = 90_000;

/** Sends this tab's marks to the inspectors of all tabs, for as long as one asks. */
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
