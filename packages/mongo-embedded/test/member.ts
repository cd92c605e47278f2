// Takes part in the database of a folder and prints its role: `node --import tsx member.ts <folder>`.
import { startEmbeddedMongo } from '../src/index.js';

const mongo = await startEmbeddedMongo({ dataDir: process.argv[2] ?? '' });
let reported: string | undefined;

function report() {
  if (mongo.role !== reported) process.stdout.write(`${mongo.role} ${mongo.uri}\n`);
  reported = mongo.role;
}

report();
setInterval(report, 10);
process.once('SIGTERM', async () => {
  await mongo.stop();
  process.exit(0);
});
