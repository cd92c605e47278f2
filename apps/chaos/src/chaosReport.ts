import type { ChaosPlan } from './chaosPlan.js';
import type { FaultResult } from './faults.js';
import type { ProxyCounts } from './faultyProxy.js';
import type { LedgerResult } from './ledger.js';
import { NETWORK_FAULTS } from './networkFaults.js';
import type { SignedOut } from './person.js';
import type { TheftResult } from './thefts.js';

/** The findings of a run. */
export interface ChaosReport {
  readonly plan: ChaosPlan;
  readonly faults: FaultResult;
  readonly network: ProxyCounts;
  readonly ledger: LedgerResult;
  /** Clients that were signed out without a theft, during the run or at its end. */
  readonly signedOut: readonly SignedOut[];
  readonly thefts: readonly TheftResult[];
  /** Security events of all servers, by name. */
  readonly events: ReadonlyMap<string, number>;
  /** Faults of the servers that no outage explains: kind and number. */
  readonly serverFaults: ReadonlyMap<string, number>;
  /** Processes that ended without being killed. */
  readonly problems: readonly string[];
}

/** The thefts that no server noticed. */
export function missedThefts({ thefts }: ChaosReport): TheftResult[] {
  return thefts.filter(({ caught }) => !caught);
}

/** The kinds of faults, and of their consequences, that did not happen in the run: it shows nothing about them. */
export function notCovered({ faults, network, ledger, thefts, events }: ChaosReport): string[] {
  const counts = {
    'server killed': faults.nodeKills,
    'database killed': faults.databaseKills,
    'database restored': faults.forgotten ? 1 : 0,
    'session healed': events.get('session_healed') ?? 0,
    'dead server met': network.badGateways,
    ...Object.fromEntries(NETWORK_FAULTS.map((fault) => [fault, network[fault]])),
    'write compared': ledger.acknowledged - ledger.excluded,
    theft: thefts.length,
  };
  return Object.entries(counts)
    .filter(([, count]) => count === 0)
    .map(([name]) => name);
}

/** Whether the run had every kind of fault, and none did harm. */
export function isClean(report: ChaosReport): boolean {
  const { signedOut, ledger, problems, serverFaults } = report;
  const found = [signedOut, ledger.ranTwice, ledger.lost, missedThefts(report), problems, notCovered(report)];
  return found.every(({ length }) => length === 0) && serverFaults.size === 0;
}

function seconds(milliseconds: number) {
  return `${(milliseconds / 1_000).toFixed(1)} s`;
}

/** Formats the report as lines of text. */
export function describeReport(report: ChaosReport): string[] {
  const { plan, faults, network, ledger, events, signedOut, thefts } = report;
  const age = faults.forgotten ? (faults.forgotten.to - faults.forgotten.from) / 1_000 : 0;
  const event = (name: string) => events.get(name) ?? 0;
  return [
    `processes: servers killed ${faults.nodeKills} times, the database ${faults.databaseKills} times, restored from a copy ${age.toFixed(1)} s old; one server's clock ${plan.clockSkewMs / 1_000} s off`,
    `network: ${network.requests} requests; lost ${network.requestsLost} requests and ${network.answersLost} answers, cut ${network.answersCutShort} short, delayed ${network.delayed}, sent ${network.sentTwice} twice; ${network.badGateways} met a dead server; the slowest took ${seconds(network.slowestMs)}, ${seconds(network.slowestServerMs)} of it in a server, and grace is ${seconds(plan.graceMs)}`,
    `sessions: ${network.refreshes} refreshes, ${event('session_renewed')} rotations, ${event('session_healed')} healed after the restore, ${event('authn_token_reuse')} alarms`,
    `notes: ${ledger.attempted} sent, ${ledger.acknowledged} acknowledged, of which ${ledger.excluded} since the copy are not compared`,
    ...thefts.map(
      ({ kind, victim, caught, detail, tookMs }) =>
        `theft from ${victim} (${kind}): ${caught ? 'caught' : 'MISSED'}, ${detail}, ${(tookMs / 1_000).toFixed(1)} s`,
    ),
    ...signedOut.map(({ person, status, reason }) => `SIGNED OUT: ${person}, ${status} ${reason ?? ''}`),
    ...ledger.lost.map((text) => `LOST: ${text}`),
    ...ledger.ranTwice.map((text) => `RAN TWICE: ${text}`),
    ...report.problems.map((problem) => `PROBLEM: ${problem}`),
    ...[...report.serverFaults].map(([fault, times]) => `SERVER FAULT, ${times} times: ${fault}`),
    ...notCovered(report).map((name) => `NOT COVERED: ${name} (run longer, or with more clients)`),
    `${plan.clients} clients, ${plan.seconds} s, seed ${plan.seed}: ${signedOut.length} signed out, ${ledger.ranTwice.length} mutations run twice, ${ledger.lost.length} acknowledged writes lost, ${missedThefts(report).length} of ${thefts.length} thefts missed`,
  ];
}
