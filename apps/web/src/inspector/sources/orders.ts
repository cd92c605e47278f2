import type { TroubleOrder } from '@latchkey/api/inspector';

/** Asks the server to simulate a failure for this session. @throws if the server refuses */
async function order(path: string, body: object = {}): Promise<void> {
  const response = await fetch(`/dev/inspector/${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-latchkey': '1' },
    body: JSON.stringify(body),
  });
  if (!response.ok)
    throw new Error(`The server responded with status ${response.status}. Try again, or reload the page.`);
}

export const orders = {
  trouble: (change: TroubleOrder) => order('troubles', change),
  copyToken: () => order('thief'),
  strike: () => order('thief/strike'),
};
