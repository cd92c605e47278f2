import { expect, test } from 'vitest';
import { describeReport, missedThefts } from '../src/chaosReport.js';
import { runChaos } from '../src/runChaos.js';

test('E33–E36, E40: half a minute of faults signs nobody out, loses nothing, runs nothing twice', async () => {
  const happened: string[] = [];
  const report = await runChaos({ seconds: 30, clients: 40, seed: 1 }, (what) => void happened.push(what));
  console.log([...happened, ...describeReport(report)].join('\n'));

  expect(report.signedOut).toEqual([]);
  expect(report.ledger.ranTwice).toEqual([]);
  expect(report.ledger.lost).toEqual([]);
  expect(missedThefts(report)).toEqual([]);
  expect(report.problems).toEqual([]);
  expect([...report.serverFaults]).toEqual([]);

  // The faults did happen.
  expect(report.faults.nodeKills).toBeGreaterThan(3);
  expect(report.faults.databaseKills).toBeGreaterThan(2);
  expect(report.events.get('session_healed')).toBeGreaterThan(10);
  expect(report.network.answersLost + report.network.answersCutShort).toBeGreaterThan(10);
  expect(report.ledger.acknowledged - report.ledger.excluded).toBeGreaterThan(100);
  expect(report.thefts).toHaveLength(4);
}, 150_000);
