import { tap } from '../api.js';
import { connectServer, type ServerState } from './sources/connectServer.js';
import { connectTabs } from './sources/connectTabs.js';
import { startWorkers } from './sources/workers.js';
import { INSPECTOR_CHANNEL, type InspectorMessage } from './tap/shareWithTabs.js';
import { createTimeline } from './timeline/createTimeline.js';

/** The page is drawn anew when a person comes or goes; what it knows outlives that, in milliseconds. */
const OUTLIVE_MS = 2_000;

/** What the inspector knows besides the timeline. */
export interface InspectorSnapshot {
  /** Undefined before anybody was signed in. */
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

/** Listens to the server on the session of this tab, also when that has ended: the server still tells of it. */
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

/** Runs as many workers beside this tab. */
export function setWorkers(workers: number): void {
  stopWorkers?.();
  stopWorkers = workers > 0 ? startWorkers(workers, tellGone) : undefined;
  change({ workers });
}

function tellGone(id: string) {
  timeline.closeLane(id, tap.recorder.now());
  const channel = new BroadcastChannel(INSPECTOR_CHANNEL);
  channel.postMessage({ gone: id } satisfies InspectorMessage);
  channel.close();
}

/** Calls back when the snapshot changes; as long as anybody listens, tabs and server are listened to. */
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
