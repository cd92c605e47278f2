import { describe, expect, it } from 'vitest';
import { newPasswordSchema } from '../contract/index.js';
import { AuthError } from '../errors/authError.js';
import { createPasswordHashing } from './passwordHashing.js';
import { assertHardToGuess } from './passwordPolicy.js';

const PEPPER = 'a pepper of at least thirty-two bytes';
const hashing = createPasswordHashing({ pepper: PEPPER, cost: 4 });

describe('password hashing', () => {
  it('P3: counts every byte beyond the 72 that bcrypt reads', async () => {
    const password = 'x'.repeat(72);
    const hash = await hashing.hash(password);
    expect(await hashing.verify(password, hash)).toBe(true);
    expect(await hashing.verify(`${password}X`, hash)).toBe(false);
    expect(await hashing.verify(password.slice(1), hash)).toBe(false);
  });

  it('P4: uses a password exactly as it was typed', async () => {
    const hash = await hashing.hash(' Café au lait ');
    for (const other of ['Café au lait', ' café au lait ', ' Café au lait '.normalize('NFD')]) {
      expect(await hashing.verify(other, hash)).toBe(false);
    }
    expect(await hashing.verify(' Café au lait ', hash)).toBe(true);
  });

  it('P9: makes bcrypt hashes, each with its own salt, that another pepper cannot check', async () => {
    const [one, two] = await Promise.all([
      hashing.hash('same words twice'),
      hashing.hash('same words twice'),
    ]);
    expect(one).toMatch(/^\$2b\$04\$/);
    expect(one).not.toBe(two);
    const other = createPasswordHashing({ pepper: `${PEPPER}!`, cost: 4 });
    expect(await other.verify('same words twice', one)).toBe(false);
    expect(createPasswordHashing({ pepper: PEPPER, cost: 5 }).isOutdated(one ?? '')).toBe(true);
    expect(hashing.isOutdated(one ?? '')).toBe(false);
  });

  it('lets a limited number wait and refuses the rest', async () => {
    const small = createPasswordHashing({ pepper: PEPPER, cost: 4, concurrency: 1, maxWaiting: 3 });
    const results = await Promise.allSettled(Array.from({ length: 10 }, () => small.hash('some words')));
    const refused = results.filter((result) => result.status === 'rejected');
    expect(refused).toHaveLength(6);
    expect(refused.map(({ reason }) => (reason instanceof AuthError ? reason.reason : reason))).toEqual(
      Array(6).fill('TOO_MANY_ATTEMPTS'),
    );
  });
});

describe('password policy', () => {
  const schema = newPasswordSchema(8);

  it('P1: accepts the minimum of code points and refuses one fewer', () => {
    expect(schema.safeParse('x'.repeat(7)).success).toBe(false);
    expect(schema.safeParse('x'.repeat(8)).success).toBe(true);
  });

  it('P2: counts code points, so that 64 emoji are 64', () => {
    expect(schema.safeParse('🔑'.repeat(7)).success).toBe(false);
    expect(schema.safeParse('🔑'.repeat(64)).success).toBe(true);
    expect(schema.safeParse('🔑'.repeat(256)).success).toBe(true);
    expect(schema.safeParse('🔑'.repeat(257)).success).toBe(false);
  });

  it('refuses null characters and broken text, which would be hashed as something else', () => {
    expect(schema.safeParse('words with \u0000 in').success).toBe(false);
    expect(schema.safeParse('words with \ud800 in').success).toBe(false);
  });

  const context = { username: 'marigold', email: 'mari.lane@orchard.example', appName: 'Latchkey' };
  const refused = (password: string) =>
    assertHardToGuess(password, { context }).then(
      () => false,
      (error: unknown) => error instanceof AuthError && error.reason === 'PASSWORD_TOO_COMMON',
    );

  it('P6: refuses the most used passwords in any case', async () => {
    for (const password of ['password', 'Password1', 'qwertyuiop', 'iloveyou', '1234567890']) {
      expect(await refused(password), password).toBe(true);
    }
  });

  it('P7: refuses passwords made of the username, the e-mail address or the name of the app', async () => {
    for (const password of [
      'marigold',
      'Marigold99!',
      'mari.lane@orchard.example',
      'orchard2024',
      'latchkey!!',
    ]) {
      expect(await refused(password), password).toBe(true);
    }
  });

  it('P5: requires no kinds of characters', async () => {
    for (const password of ['qjxkvbwmzplotru', 'my marigold grows by the wall', 'ninety-one tall ships']) {
      expect(await refused(password), password).toBe(false);
    }
  });
});
