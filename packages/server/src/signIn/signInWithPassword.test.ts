import { mongo } from 'mongoose';
import { describe, expect, it, vi } from 'vitest';
import { AuthError } from '../errors/authError.js';
import type { Limits } from '../limits/limits.js';
import { createMailTexts } from '../mail/mailTexts.js';
import { createSignInWithPassword } from './signInWithPassword.js';

const CLIENT = { ip: '192.0.2.1', userAgent: '' };
const INPUT = { identifier: 'ada', password: 'a password' };
const REQUEST = { client: CLIENT, persistent: false, replaces: undefined, signal: undefined };

/** A sign-in whose parts record the order in which they are called; the limits answer as the test says. */
function recordedSignIn(consume: Limits['consume'], refusal?: AuthError) {
  const steps: string[] = [];
  const signIn = createSignInWithPassword({
    hashing: {
      reserve: () => {
        steps.push('place');
        return {
          verify: async () => {
            steps.push('password');
            if (refusal !== undefined) throw refusal;
            return false;
          },
          [Symbol.dispose]: () => void steps.push('place released'),
        };
      },
      hash: async () => '',
      isOutdated: () => false,
    },
    limits: {
      consume: async (...args) => {
        steps.push(args[2] ?? 'both');
        return consume(...args);
      },
      succeeded: async () => {},
      giveBack: async () => void steps.push('given back'),
    },
    users: {
      findByIdentifier: async () => {
        steps.push('lookup');
        return undefined;
      },
      rehash: async () => {},
    },
    completeSignIn: async () => {
      throw new Error('Nobody signs in here.');
    },
    events: { emit: vi.fn() },
    outbox: { post: vi.fn() },
    texts: createMailTexts({ appName: 'Latchkey', appUrl: 'https://app.example.com' }),
    clock: Date.now,
  });
  return { steps, signIn: () => signIn(INPUT, REQUEST) };
}

describe('a sign-in attempt', () => {
  it('L3: is counted by address and by account before the password is looked at', async () => {
    const { steps, signIn } = recordedSignIn(async () => 0);
    await expect(signIn()).rejects.toMatchObject({ reason: 'INVALID_CREDENTIALS' });
    expect(steps).toEqual(['place', 'address', 'lookup', 'account', 'password', 'place released']);
  });

  it('L1: is refused before a hash is spent on it', async () => {
    const { steps, signIn } = recordedSignIn(async (_action, _attempt, dimension) => {
      if (dimension === 'account') throw new AuthError('TOO_MANY_ATTEMPTS');
      return 0;
    });
    await expect(signIn()).rejects.toMatchObject({ reason: 'TOO_MANY_ATTEMPTS' });
    expect(steps).toEqual(['place', 'address', 'lookup', 'account', 'place released']);
  });

  it('is given back when it was counted and then waited for too long', async () => {
    const late = recordedSignIn(async () => 0, new AuthError('TOO_MANY_ATTEMPTS'));
    await expect(late.signIn()).rejects.toMatchObject({ reason: 'TOO_MANY_ATTEMPTS' });
    expect(late.steps).toContain('given back');
    const limited = recordedSignIn(async () => {
      throw new AuthError('TOO_MANY_ATTEMPTS');
    });
    await expect(limited.signIn()).rejects.toMatchObject({ reason: 'TOO_MANY_ATTEMPTS' });
    expect(limited.steps).not.toContain('given back');
  });

  it('fails when it cannot be counted, and the password is not looked at', async () => {
    for (const broken of ['address', 'account'] as const) {
      const outage = new mongo.MongoNetworkError('connection closed');
      const { steps, signIn } = recordedSignIn(async (_action, _attempt, dimension) => {
        if (dimension === broken) throw outage;
        return 0;
      });
      await expect(signIn()).rejects.toBe(outage);
      expect(steps).not.toContain('password');
      expect(steps.at(-1)).toBe('place released');
    }
  });
});
