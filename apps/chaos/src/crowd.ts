import type { ChaosPlan } from './chaosPlan.js';
import type { Ledger } from './ledger.js';
import { createPerson, type Person, type SignedOut } from './person.js';
import type { Random } from './random.js';
import { steal, type TheftResult } from './thefts.js';

const AT_A_TIME = 20;

/** Creates the clients. Records which are robbed, and which of the others are signed out. */
export function createCrowd({
  plan,
  random,
  url,
  ledger,
}: {
  plan: ChaosPlan;
  random: Random;
  url: string;
  ledger: Ledger;
}) {
  const robbed = new Set<string>();
  const signedOut: SignedOut[] = [];
  const people = Array.from({ length: plan.clients }, (_, number) =>
    createPerson({
      number,
      url,
      ledger,
      pause: plan.pause,
      random: random.fork(`person ${number}`),
      onSignedOut: (event) => {
        if (!robbed.has(event.person)) signedOut.push(event);
      },
    }),
  );
  const others = () => people.filter(({ name }) => !robbed.has(name));
  return {
    people,
    signedOut,
    others,
    /** Robs as many clients as the plan says, by either kind of theft. */
    stealFromSome(options: { forgiving: boolean; timeoutMs: number }): Promise<TheftResult[]> {
      const victims = others().slice(0, plan.theftsPerWave);
      for (const { name } of victims) robbed.add(name);
      return Promise.all(
        victims.map((victim, index) =>
          steal(index % 2 === 0 ? 'late' : 'early', {
            ...options,
            plan,
            victim,
            url,
          }),
        ),
      );
    },
  };
}

/** Lets the people act, a few of them at a time. */
export async function inGroups(
  people: readonly Person[],
  act: (person: Person) => Promise<void>,
): Promise<void> {
  for (let first = 0; first < people.length; first += AT_A_TIME)
    await Promise.all(people.slice(first, first + AT_A_TIME).map(act));
}
