import type { SessionView, ThiefView, TimedServerEvent, Troubles } from '@latchkey/api/inspector';
import { endBar } from './addTabMark.js';
import type { Timeline } from './createTimeline.js';

/** A server event, its number, and how far the server's clock is ahead of the browser's, in milliseconds. */
export interface ReceivedEvent {
  readonly event: TimedServerEvent;
  readonly number: string;
  readonly offset: number;
}

/** Adds the server's events to a timeline. An event received twice is added once. */
export type ServerScribe = (received: ReceivedEvent) => void;

export function createServerScribe(timeline: Timeline, session: string): ServerScribe {
  const lane = timeline.addLane({ id: 'server', kind: 'server', label: 'Server' });
  const generations = new Map<number, number>();
  let id = '';

  const addSession = (view: SessionView, at: number, offset: number) => {
    const { generation: number } = view;
    const from = generations.get(number) ?? Math.min(at, view.rotatedAt - offset);
    const band = `server/${session}/generation-${number}`;
    const before = timeline.find(band)?.what;
    const seenAt = before?.kind === 'generation' ? before.acknowledgedAt : null;
    const acknowledgedAt = seenAt ?? (view.acknowledged >= number ? (before ? at : from) : null);
    const graceUntil = view.graceUntil && view.graceUntil - offset;
    const isOver = view.revokedAt !== null;
    if (!generations.has(number)) endBar(timeline, lane, { kind: 'generation', at: from });
    generations.set(number, from);
    const what = { kind: 'generation', number, graceUntil, acknowledgedAt } as const;
    timeline.put({ id: band, lane: lane.id, from, what, ...(isOver && { to: at }) });
    if (isOver) {
      const end = `server/${session}/end`;
      const reason = view.revokedReason ?? '';
      if (!timeline.find(end))
        timeline.put({ id: end, lane: lane.id, from: at, to: at, what: { kind: 'revoked', reason } });
    }
  };

  const addTroubles = ({ offlineUntil }: Troubles, at: number, offset: number) => {
    const until = offlineUntil - offset;
    endBar(timeline, lane, { kind: 'offline', at });
    if (until > at) timeline.put({ id, lane: lane.id, from: at, to: until, what: { kind: 'offline' } });
  };

  const addThief = (view: ThiefView, at: number, offset: number) => {
    const thief = { ...view, strikesAt: view.strikesAt && view.strikesAt - offset };
    const place = timeline.addLane({ id: 'thief', kind: 'thief', label: 'Thief' });
    const open = place.bars.findLast(({ what }) => what.kind === 'copy');
    const isOpen = open !== undefined && open.to === undefined;
    const holds = thief.phase === 'holding' || thief.phase === 'waiting';
    if (holds && isOpen) return timeline.put({ ...open, what: { kind: 'copy', thief } });
    if (holds) return timeline.put({ id, lane: place.id, from: at, what: { kind: 'copy', thief } });
    if (isOpen) timeline.put({ ...open, to: at });
    timeline.put({ id, lane: place.id, from: at, to: at, what: { kind: 'strike', thief } });
  };

  return ({ event, number, offset }) => {
    id = `server/${session}/${number}`;
    const at = event.at - offset;
    switch (event.type) {
      case 'session':
        return addSession(event.session, at, offset);
      case 'request': {
        const { request } = event;
        const span = { from: at - request.took, to: at };
        return timeline.put({ id, lane: lane.id, ...span, what: { kind: 'request', request } });
      }
      case 'troubles':
        return addTroubles(event.troubles, at, offset);
      case 'thief':
        return addThief(event.thief, at, offset);
      case 'database':
        endBar(timeline, lane, { kind: 'database', at });
        if (!event.up) timeline.put({ id, lane: lane.id, from: at, what: { kind: 'database' } });
    }
  };
}
