import type { TroubleOrder } from '@latchkey/api/inspector';

/** Asks the server for trouble, for this session alone. @throws if it does not take the order */
async function order(path: string, body: object = {}): Promise<void> {
  const response = await fetch(`/dev/inspector/${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-latchkey': '1' },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`The server answered ${response.status}.`);
}

/** What the server can be asked to do to this session. */
export const orders = {
  trouble: (change: TroubleOrder) => order('troubles', change),
  copyToken: () => order('thief'),
  strike: () => order('thief/strike'),
};
