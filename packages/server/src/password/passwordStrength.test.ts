import { ZxcvbnFactory } from '@zxcvbn-ts/core';
import { describe, expect, it, vi } from 'vitest';
import { passwordStrength } from './passwordStrength.js';

const PERSON = {
  minLength: 8,
  username: 'marigold',
  email: 'mari.lane@orchard.example',
  appName: 'Latchkey',
};

function judge(password: string) {
  return passwordStrength(password, PERSON);
}

describe('password strength', () => {
  it('P1: is 0 with the reason below the minimum length', async () => {
    expect(await judge('short 7')).toEqual({ accepted: false, score: 0, message: 'At least 8 characters.' });
  });

  it('P6, P7: is 0 for what the server refuses, in the words of the server', async () => {
    for (const password of ['Password1', 'qwertyuiop', '1234567890']) {
      const message = 'This is one of the most used passwords.';
      expect(await judge(password), password).toEqual({ accepted: false, score: 0, message });
    }
    for (const password of ['Marigold99!', 'orchard2024', 'latchkey!!']) {
      const message = 'Do not build it from your name, e-mail or this app.';
      expect(await judge(password), password).toEqual({ accepted: false, score: 0, message });
    }
  });

  it('grows with the guesses that a password takes, and says what is weak about it', async () => {
    const passwords = ['aaaaaaaab', 'zxcvfdsaqwer1', 'marigold grows', 'plum orchard at dusk 41'];
    const judged = await Promise.all(passwords.map(judge));
    expect(judged.every(({ accepted }) => accepted)).toBe(true);
    const scores = judged.map(({ score }) => score);
    expect(scores).toEqual([...scores].sort());
    expect(scores[0]).toBeLessThan(2);
    expect(scores.at(-1)).toBe(4);
    expect(judged[0]?.message).toBe('Repeated characters are easy to guess.');
    expect(judged.at(-1)?.message).toBe('Hard to guess.');
  });

  it('P11: estimates no more than the first 64 characters, and nothing of a password that is too long', async () => {
    const check = vi.spyOn(ZxcvbnFactory.prototype, 'check');
    expect(await judge('p4$$w0rd'.repeat(32))).toMatchObject({ accepted: true });
    expect(await judge('x'.repeat(1_000_000))).toMatchObject({ accepted: false });
    expect(check.mock.results.map(({ value }) => value.sequence.at(-1).j)).toEqual([63]);
  });
});
