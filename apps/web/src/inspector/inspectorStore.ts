import { tap } from '../api.js';
import { connectServer, type ServerState } from './sources/connectServer.js';
import { connectTabs } from './sources/connectTabs.js';
import { startWorkers } from './sources/workers.js';
import { INSPECTOR_CHANNEL, type InspectorMessage } from './tap/shareWithTabs.js';
import { createTimeline } from './timeline/createTimeline.js';

/** Milliseconds for which the connections stay open without a listener: the page is remounted at every sign-in and sign-out. */
const OUTLIVE_MS = 2_000;

export interface InspectorSnapshot {
  /** Undefined before the first sign-in. */
  readonly server: ServerState | undefined;
  readonly workers: number;
}

export const timeline = createTimeline();

let snapshot: InspectorSnapshot = { server: undefined, workers: 0 };
let connected: string | undefined;
let disconnect: (() => void) | undefined;
let stopWorkers: (() => void) | undefined;
let closing: ReturnType<typeof setTimeout> | undefined;
const listeners = new Set<() => void>();

function change(next: Partial<InspectorSnapshot>) {
  snapshot = { ...snapshot, ...next };
  for (const listener of listeners) listener();
}

/** Follows this tab's session on the server, also after its end: the server goes on sending events. */
function followSession() {
  let close = () => {};
  const follow = () => {
    const session = tap.recorder.token()?.session;
    if (!session || session === connected) return;
    close();
    connected = session;
    close = connectServer(timeline, {
      session,
      now: tap.recorder.now,
      onState: (server) => change({ server }),
    });
  };
  follow();
  const stop = tap.recorder.listen(follow);
  return () => {
    stop();
    close();
    connected = undefined;
  };
}

function open() {
  const stopTabs = connectTabs(timeline, tap);
  const stopSession = followSession();
  return () => {
    stopTabs();
    stopSession();
    setWorkers(0);
  };
}

/** Runs this many workers beside the tab. */
export function setWorkers(workers: number): void {
  stopWorkers?.();
  stopWorkers = workers > 0 ? startWorkers(workers, announceGone) : undefined;
  change({ workers });
}

function announceGone(id: string) {
  timeline.closeLane(id, tap.recorder.now());
  const channel = new BroadcastChannel(INSPECTOR_CHANNEL);
  channel.postMessage({ gone: id } satisfies InspectorMessage);
  channel.close();
}

/** Calls back when the snapshot changes. Connects to the tabs and the server while anybody subscribes. */
export function subscribe(listener: () => void): () => void {
  clearTimeout(closing);
  disconnect ??= open();
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    closing = setTimeout(() => {
      disconnect?.();
      disconnect = undefined;
    }, OUTLIVE_MS);
  };
}

export function getSnapshot(): InspectorSnapshot {
  return snapshot;
}
