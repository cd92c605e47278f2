import type { Greeting, SessionView, ThiefView, TimedServerEvent, Troubles } from '@latchkey/api/inspector';
import { createServerScribe } from '../timeline/addServerEvent.js';
import type { Timeline } from '../timeline/createTimeline.js';

/** The latest state that the server sent, its times converted to this browser's clock. */
export interface ServerState {
  /** `absent`: the server offers no inspector, as in production. */
  readonly connection: 'connecting' | 'open' | 'absent';
  readonly graceMs?: number;
  readonly accessTokenMs?: number;
  readonly session?: SessionView;
  readonly troubles?: Troubles;
  readonly thief?: ThiefView;
}

export interface ServerConnectionOptions {
  /** The id of the session that the cookie jar holds. */
  readonly session: string;
  readonly now: () => number;
  readonly onState: (state: ServerState) => void;
}

/** Listens to the server's events of a session; returns a function that stops this. */
export function connectServer(timeline: Timeline, options: ServerConnectionOptions): () => void {
  const { session, now, onState } = options;
  const scribe = createServerScribe(timeline, session);
  const source = new EventSource('/dev/inspector/events');
  let offset = 0;
  let state: ServerState = { connection: 'connecting' };
  const change = (next: Partial<ServerState>) => {
    state = { ...state, ...next };
    onState(state);
  };

  source.addEventListener('greeting', ({ data }) => {
    const { now: serverNow, ...rest }: Greeting = JSON.parse(data);
    offset = serverNow - now();
    change({ connection: 'open', ...rest });
  });
  source.onmessage = ({ data, lastEventId }) => {
    const event: TimedServerEvent = JSON.parse(data);
    scribe({ event, number: lastEventId, offset });
    if (event.type === 'session') change({ session: moved(event.session, offset) });
    if (event.type === 'thief') {
      const { strikesAt } = event.thief;
      change({ thief: { ...event.thief, strikesAt: strikesAt && strikesAt - offset } });
    }
    if (event.type === 'troubles') {
      const offlineUntil = event.troubles.offlineUntil - offset;
      change({ troubles: { ...event.troubles, offlineUntil } });
    }
  };
  source.onerror = () => {
    // When the server restarts, the browser reconnects by itself; when the address does not exist, it gives up.
    change({ connection: source.readyState === EventSource.CLOSED ? 'absent' : 'connecting' });
  };
  return () => source.close();
}

function moved(session: SessionView, offset: number): SessionView {
  return {
    ...session,
    rotatedAt: session.rotatedAt - offset,
    expiresAt: session.expiresAt - offset,
    graceUntil: session.graceUntil && session.graceUntil - offset,
    revokedAt: session.revokedAt && session.revokedAt - offset,
  };
}
