import { observeCalls } from './tap/observeCalls.js';
import { observeSession } from './tap/observeSession.js';
import { createRecorder } from './tap/recorder.js';
import { shareWithTabs, type TabInfo } from './tap/shareWithTabs.js';

/** Records a tab's traffic for the session inspector, from its first request on. */
export type Tap = ReturnType<typeof createTap>;

/** An id that no other tab has. */
export function createTabId(): string {
  return crypto.getRandomValues(new Uint32Array(2)).join('-');
}

/** `channel` is the session's own channel between tabs. */
export function createTap(channel: string, tab: TabInfo) {
  const recorder = createRecorder();
  const session = observeSession(recorder, channel);
  const calls = observeCalls(recorder, session.refused);
  shareWithTabs(recorder, tab);
  return { tab, recorder, session, calls };
}
