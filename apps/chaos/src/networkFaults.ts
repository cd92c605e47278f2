import type { Random } from './random.js';

/** The faults that a network can have, by the names of their counters. */
export const NETWORK_FAULTS = [
  'requestsLost',
  'answersLost',
  'answersCutShort',
  'delayed',
  'sentTwice',
] as const;
export type NetworkFault = (typeof NETWORK_FAULTS)[number];

/** What happens to one request. */
export interface Fate {
  readonly loss?: 'requestsLost' | 'answersLost' | 'answersCutShort' | undefined;
  /** Delays of the request, of its answer and of its repetition, in milliseconds. */
  readonly delays: readonly [request: number, answer: number, repetition: number];
  readonly sentTwice: boolean;
}

const INJECTED_DELAY_MS = 20;
const GOOD: Fate = { delays: [0, 0, 0], sentTwice: false };
const INJECTED: Readonly<Record<NetworkFault, Fate>> = {
  requestsLost: { ...GOOD, loss: 'requestsLost' },
  answersLost: { ...GOOD, loss: 'answersLost' },
  answersCutShort: { ...GOOD, loss: 'answersCutShort' },
  delayed: { ...GOOD, delays: [INJECTED_DELAY_MS, 0, 0] },
  sentTwice: { ...GOOD, sentTwice: true },
};

/**
 * Decides what happens to each request: nothing at first, then what was injected or, on a bad network, what chance draws.
 * Only refreshes are sent twice: a repeated creation of a note would create two.
 */
export function createNetworkFaults({ random, maxDelayMs }: { random: Random; maxDelayMs: number }) {
  let isFaulty = false;
  const injected: NetworkFault[] = [];
  const happens = (probability: number) => random.chance(probability) && isFaulty;
  const drawDelay = () => (happens(0.1) ? random.between(0, maxDelayMs) : 0);
  const drawLoss = () => {
    if (happens(0.02)) return 'requestsLost';
    if (happens(0.03)) return 'answersLost';
    return happens(0.01) ? 'answersCutShort' : undefined;
  };
  return {
    /** Makes the network bad or good. */
    setFaulty(faulty: boolean) {
      isFaulty = faulty;
    },
    /** Gives the next request this fault, even on a good network. A `sentTwice` waits for the next refresh. */
    inject(fault: NetworkFault) {
      injected.push(fault);
    },
    draw(isRefresh: boolean): Fate {
      const next = injected.findIndex((fault) => isRefresh || fault !== 'sentTwice');
      const [fault] = next < 0 ? [] : injected.splice(next, 1);
      if (fault !== undefined) return INJECTED[fault];
      return {
        loss: drawLoss(),
        delays: [drawDelay(), drawDelay(), drawDelay()],
        sentTwice: isRefresh && happens(0.03),
      };
    },
  };
}
