import type { EndReason } from './sessionTypes.js';
import type { Credentials } from './wire.js';

/** What tabs of one origin tell each other. */
export type TabMessage =
  | { readonly credentials: Credentials }
  | { readonly ended: string; readonly reason: EndReason };

/** A line to the other tabs. */
export interface TabChannel {
  postMessage(message: TabMessage): void;
  close(): void;
}

/** Opens the line to the other tabs, if there is one; else each tab works by itself. */
export const openTabChannel = (
  name: string | false,
  onMessage: (message: TabMessage) => void,
): TabChannel | undefined => {
  if (name) {
    try {
      const channel = new BroadcastChannel(name);
      channel.onmessage = ({ data }) => onMessage(data);
      return channel;
    } catch {
      console.warn('Latchkey: no BroadcastChannel');
    }
  }
  return undefined;
};
