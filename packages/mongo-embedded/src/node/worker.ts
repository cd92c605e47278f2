import { parentPort, workerData } from 'node:worker_threads';
import { startMember } from './member.js';
import type { FromWorker, ToWorker, WorkerOptions } from './protocol.js';

// Bulk deletes and scans block for seconds. In a worker thread they do not block the app.
const port = requirePort();
const { customClock, ...options }: WorkerOptions = workerData;

function send(message: FromWorker) {
  port.postMessage(message);
}

const waitingForTime: ((now: number) => void)[] = [];

function askForTime() {
  return new Promise<number>((resolve) => {
    waitingForTime.push(resolve);
    send({ type: 'clock' });
  });
}

const member = startMember({
  ...options,
  now: customClock ? askForTime : async () => Date.now(),
  onRole: (role) => send({ type: 'role', role }),
});

port.on('message', async (message: ToWorker) => {
  if (message.type === 'clock') waitingForTime.shift()?.(message.now);
  else {
    await (await member).stop();
    port.close();
  }
});

send({ type: 'started', uri: (await member).uri });

function requirePort() {
  if (!parentPort) throw new Error('worker.js runs in a worker thread only');
  return parentPort;
}
