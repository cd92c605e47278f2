import type { EndReason } from '../transport/reasons.js';
import type { Credentials } from '../transport/wire.js';

/** What tabs of one origin tell each other. */
export type TabMessage =
  | { readonly credentials: Credentials }
  | { readonly ended: string; readonly reason: EndReason };

/** The connection to the other tabs. */
export interface TabChannel {
  postMessage(message: TabMessage): void;
  close(): void;
}

/** Opens the channel; without a name, or where the browser has no channels, the tab works alone. */
export function openTabChannel(
  name: string | false,
  onMessage: (message: TabMessage) => void,
): TabChannel | undefined {
  if (!name) return undefined;
  try {
    const channel = new BroadcastChannel(name);
    channel.onmessage = ({ data }) => onMessage(data);
    return channel;
  } catch {
    console.warn('Latchkey: no BroadcastChannel');
    return undefined;
  }
}
