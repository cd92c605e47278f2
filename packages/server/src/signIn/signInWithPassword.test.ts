import { mongo } from 'mongoose';
import { describe, expect, it, vi } from 'vitest';
import { AuthError } from '../errors/authError.js';
import type { Limits } from '../limits/limits.js';
import { createMailTexts } from '../mail/mailTexts.js';
import { createSignInAttempts } from './signInWithPassword.js';

const client = { ip: '192.0.2.1', userAgent: '' };
const input = { identifier: 'ada', password: 'a password' };

/** Sign-in whose parts tell in which order they were asked, over limits that answer as the test says. */
function attempts(consume: Limits['consume'], refusal = new AuthError('INVALID_CREDENTIALS')) {
  const steps: string[] = [];
  const authenticate = createSignInAttempts({
    hashing: {
      reserve: () => {
        steps.push('place');
        return { verify: async () => false, [Symbol.dispose]: () => void steps.push('place given up') };
      },
    },
    limits: {
      consume: async (...asked) => {
        steps.push(asked[2] ?? 'both');
        return consume(...asked);
      },
      succeeded: async () => {},
      giveBack: async () => void steps.push('given back'),
      reset: async () => {},
      createIndexes: async () => {},
    },
    users: {
      authenticate: async (_input, options) => {
        steps.push('lookup');
        await options?.admit?.('user-1');
        steps.push('password');
        throw refusal;
      },
    },
    events: { emit: vi.fn() },
    outbox: { post: vi.fn() },
    texts: createMailTexts({ appName: 'Latchkey', appUrl: 'https://app.example.com' }),
  });
  return { steps, signIn: () => authenticate(input, { client, signal: undefined }) };
}

describe('a sign-in attempt', () => {
  it('L3: is counted by address and by account before the password is looked at', async () => {
    const { steps, signIn } = attempts(async () => 0);
    await expect(signIn()).rejects.toMatchObject({ reason: 'INVALID_CREDENTIALS' });
    expect(steps).toEqual(['place', 'address', 'lookup', 'account', 'password', 'place given up']);
  });

  it('E38: is given back when it was counted and then waited for too long', async () => {
    const { steps, signIn } = attempts(async () => 0, new AuthError('TOO_MANY_ATTEMPTS'));
    await expect(signIn()).rejects.toMatchObject({ reason: 'TOO_MANY_ATTEMPTS' });
    expect(steps).toContain('given back');
    const beyond = attempts(async () => {
      throw new AuthError('TOO_MANY_ATTEMPTS');
    });
    await expect(beyond.signIn()).rejects.toMatchObject({ reason: 'TOO_MANY_ATTEMPTS' });
    expect(beyond.steps).not.toContain('given back');
  });

  it('E34: fails when it cannot be counted, and the password is not looked at', async () => {
    for (const broken of ['address', 'account'] as const) {
      const outage = new mongo.MongoNetworkError('connection closed');
      const { steps, signIn } = attempts(async (_action, _attempt, dimension) => {
        if (dimension === broken) throw outage;
        return 0;
      });
      await expect(signIn()).rejects.toBe(outage);
      expect(steps).not.toContain('password');
      expect(steps.at(-1)).toBe('place given up');
    }
  });
});
