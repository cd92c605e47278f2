import { setPriority } from 'node:os';
import { parentPort } from 'node:worker_threads';
import { type HashingJob, runHashingJob } from './hashingJob.js';

// The entry of a hashing thread.
const port = parentPort;
if (!port) throw new Error('hashingWorker.js runs in a worker thread only.');

/** Behind everything of normal priority, yet not starved by it: a tenth of its share where processors are short. */
const NICENESS = 10;

// On Linux "0" is the calling thread, elsewhere the process: there the threads keep their priority.
if (process.platform === 'linux') setPriority(0, NICENESS);

port.on('message', (job: HashingJob) => port.postMessage(runHashingJob(job)));
