import { setPriority } from 'node:os';
import { parentPort } from 'node:worker_threads';
import { type HashingJob, runHashingJob } from './hashingJob.js';

const port = parentPort;
if (!port) throw new Error('hashingWorker.js runs in a worker thread only.');

/** Lower than everything of normal priority, but not starved: a tenth of its share when processors are busy. */
const NICENESS = 10;

// On Linux 0 is the calling thread. Elsewhere it is the process, so that the threads keep their priority.
if (process.platform === 'linux') setPriority(0, NICENESS);

port.on('message', (job: HashingJob) => port.postMessage(runHashingJob(job)));
