import type { ClientInfo } from '../clientInfo.js';
import type { AuthEvents } from '../events/authEvents.js';

/** The administrator who acts, and from where. */
export interface Administrator {
  readonly userId: string;
  readonly client: ClientInfo;
}

/** Emits the event of an act upon another person's account. */
export function announceAct(
  events: AuthEvents,
  { userId, client }: Administrator,
  act: { targetUserId: string; detail: string },
): void {
  events.emit('authz_admin', { userId, client, ...act });
}
