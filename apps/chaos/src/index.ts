import { parseArgs } from 'node:util';
import { describeReport, isClean } from './chaosReport.js';
import { runChaos } from './runChaos.js';

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '180' },
    clients: { type: 'string', default: '200' },
    seed: { type: 'string', default: '1' },
  },
});
const [seconds, clients, seed] = [values.seconds, values.clients, values.seed].map(Number);
if (!isPositive(seconds) || !isPositive(clients) || !isPositive(seed)) {
  console.error('usage: npm run chaos -- [--seconds N] [--clients N] [--seed N]');
  process.exit(2);
}

const startedAt = performance.now();

function say(what: string) {
  console.log(`${((performance.now() - startedAt) / 1_000).toFixed(1).padStart(6)} s  ${what}`);
}

const report = await runChaos({ seconds, clients, seed }, say);
for (const line of describeReport(report)) console.log(line);
process.exit(isClean(report) ? 0 : 1);

function isPositive(value: number | undefined): value is number {
  return value !== undefined && Number.isInteger(value) && value > 0;
}
