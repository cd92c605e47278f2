import type { TimedServerEvent } from '@latchkey/api/inspector';
import type { TabInfo } from '../tap/shareWithTabs.js';
import type { TabMark } from '../tap/tabMark.js';

/** A message that an inspector received, and when: milliseconds since the recording began. */
export type RecordingEntry =
  | { readonly after: number; readonly tab: TabInfo; readonly mark: TabMark }
  | { readonly after: number; readonly number: string; readonly event: TimedServerEvent };

/** The messages that an inspector received about a real session. */
export interface Recording {
  /** When it began, in milliseconds since the epoch. */
  readonly begun: number;
  /** Its length in milliseconds. */
  readonly length: number;
  readonly entries: readonly RecordingEntry[];
}

/** Fetches the recording that comes with the app. */
export async function fetchRecording(): Promise<Recording> {
  const response = await fetch(new URL('./recording.json', import.meta.url));
  return response.json();
}
