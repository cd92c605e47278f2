import fc from 'fast-check';
import { expect } from 'vitest';
import { PASSWORD } from '../testClient.js';
import { expectDead, isOver, refreshAtOnce } from './checks.js';
import { HEAL_LIMIT, type Model, type Real, signIn } from './reality.js';

type Command = fc.AsyncCommand<Model, Real>;
/** Arbitrary commands, from which sequences are chosen. */
export type Commands = readonly fc.Arbitrary<Command>[];

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const OTHER_PASSWORD = 'seven herons in the fog';

/** A command: its name, what it does and checks, and when it can happen. */
function command(
  name: string,
  run: (model: Model, real: Real) => Promise<void>,
  check: (model: Readonly<Model>) => boolean = () => true,
): Command {
  return { check, run, toString: () => name };
}

const advance = fc
  .constantFrom(1, SECOND, 29_999, 30 * SECOND, 31 * SECOND, 5 * MINUTE, 14 * MINUTE, 120 * MINUTE)
  .map((ms) => command(`advance ${ms} ms`, async (_model, { reality }) => reality.clock.advance(ms)));

/** Tabs that share the jar refresh at once. A refresh may be sent twice with its episode; an answer may be lost. */
const refresh = fc
  .array(fc.record({ lost: fc.boolean(), twice: fc.boolean() }), { minLength: 1, maxLength: 3 })
  .map((tabs) =>
    command(`refresh ${JSON.stringify(tabs)}`, async (model, real) => {
      const sent = tabs.flatMap(({ lost, twice }) => {
        const one = { generation: model.jar, episode: real.episode(), lost };
        return twice ? [one, { ...one, lost: !lost }] : [one];
      });
      const refreshed = await refreshAtOnce({ model, real }, sent);
      for (const [index, { given }] of refreshed.entries()) {
        if (given !== undefined && sent[index]?.lost === false) model.jar = given;
      }
    }),
  );

/** A request that rotated arrives again, much later; its answer is lost. */
const lateDuplicate = fc.nat({ max: 3 }).map((age) =>
  command(
    `late duplicate ${age}`,
    async (model, real) => {
      const sent = model.session.rotations[age];
      if (sent === undefined) return;
      await refreshAtOnce({ model, real }, [sent], { duplicates: true });
      real.reality.note('duplicated');
    },
    ({ session }) => session.rotations.length > age && !session.rolledBack,
  ),
);

async function useAccessToken(model: Model, real: Real, generation: number) {
  const { session } = model;
  const client = real.client({ accessToken: session.accessTokens.get(generation) });
  const answer = await client.query('host.who');
  if (answer.error !== undefined) {
    const { reason } = answer.error.data;
    expect(reason).toMatch(session.ended ? /^(SESSION_REVOKED|TOKEN_EXPIRED)$/ : /^TOKEN_EXPIRED$/);
    return;
  }
  expect(session.ended, '4: an access token of an ended session opens nothing').toBe(false);
  const acknowledged = async () =>
    (await real.reality.sessions.findOne({ _id: session.id as never }))?.acknowledged;
  // Only the current generation is acknowledged. After a rollback a token may be of another generation with its number.
  if (!session.rolledBack && generation === session.generation)
    await expect.poll(acknowledged, { interval: 5 }).toBeGreaterThanOrEqual(generation);
  session.used = Math.max(session.used, Math.min(generation, await acknowledged()));
}

const use = fc.constant(command('use', (model, real) => useAccessToken(model, real, model.jar)));

/** An ordinary visit: the browser refreshes and uses the answer, if it arrives; then time passes. */
function visit(answer: 'arrives' | 'is lost') {
  return fc.constant(
    command(`visit whose answer ${answer}`, async (model, real) => {
      real.reality.clock.advance(31 * SECOND);
      const sent = { generation: model.jar, episode: real.episode() };
      const [refreshed] = await refreshAtOnce({ model, real }, [sent]);
      if (answer === 'arrives') {
        model.jar = refreshed?.given ?? model.jar;
        await useAccessToken(model, real, model.jar);
      }
      real.reality.clock.advance(5 * MINUTE);
    }),
  );
}

const endings: Record<string, (model: Model, real: Real) => Promise<unknown>> = {
  'sign out': ({ session, jar }, real) =>
    real.client({ token: session.tokens.get(jar) }).mutate('auth.logout'),
  'end all': async ({ session }, { userId, reality }) => {
    const live = session.ended || isOver(session, reality.clock.now()) ? 0 : 1;
    expect(await reality.server().auth.sessions.endAll(userId)).toBeLessThanOrEqual(live);
  },
  'change the password': async (_model, real) => {
    // From another device, and back again, so that the other commands can go on with PASSWORD.
    const desk = real.client();
    const login = { identifier: real.username, password: PASSWORD };
    desk.signedIn(await desk.mutate('auth.login', login));
    for (const [currentPassword, newPassword] of [
      [PASSWORD, OTHER_PASSWORD],
      [OTHER_PASSWORD, PASSWORD],
    ]) {
      const change = { currentPassword, newPassword };
      desk.signedIn(await desk.mutate('auth.password.change', change));
    }
    expect((await desk.query('host.strict')).data, 'the new session lives').toBe(real.username);
    await desk.mutate('auth.logout');
    real.reality.note('password changed');
  },
  disable: async (_model, real) => {
    const { users } = real.reality.server().auth;
    await users.disable(real.userId);
    const login = await real.client().mutate('auth.login', {
      identifier: real.username,
      password: PASSWORD,
    });
    expect(login.error?.data.reason).toBe('ACCOUNT_DISABLED');
    await users.enable(real.userId);
  },
};

/** The session ends while refreshes are under way. */
const end = fc.tuple(fc.constantFrom(...Object.keys(endings)), fc.nat({ max: 2 })).map(([name, racing]) =>
  command(
    `${name}, racing ${racing}`,
    async (model, real) => {
      const sent = Array.from({ length: racing }, () => ({
        generation: model.jar,
        episode: real.episode(),
      }));
      const meanwhile = async () => endings[name]?.(model, real);
      await refreshAtOnce({ model, real }, sent, { meanwhile });
      await expectDead(model, real);
      real.reality.note('ended');
    },
    ({ session }) => !session.ended,
  ),
);

/** A new sign-in in the same browser replaces the session. */
function signInAgainWhen(check: (model: Readonly<Model>) => boolean) {
  return fc.constant(
    command(
      'sign in again',
      async (model, real) => {
        const browser = real.client({ token: model.session.tokens.get(model.jar) });
        const session = await signIn(browser, real.username, real.reality.clock.now());
        expect(session.id).not.toBe(model.session.id);
        await expectDead(model, real);
        Object.assign(model, { session, jar: 0, thief: undefined, disturbed: false, backup: undefined });
      },
      check,
    ),
  );
}

const restart = fc.constant(command('restart the server', (_model, { reality }) => reality.restart()));

const backUp = fc.constant(
  command(
    'back up',
    async (model, { reality }) => {
      const document = await reality.sessions.findOne({ _id: model.session.id as never });
      const { generation, used, rotatedAt } = model.session;
      if (document !== null) model.backup = { document, known: { generation, used, rotatedAt } };
    },
    ({ session }) => !session.ended,
  ),
);

const rollBack = fc.constant(
  command(
    'roll back',
    async ({ session, backup }, { reality }) => {
      if (backup === undefined) return;
      await reality.sessions.replaceOne({ _id: session.id as never }, backup.document);
      Object.assign(session, backup.known, { rolledBack: true, rotations: [] });
      reality.note('rolled back');
    },
    ({ session, backup, jar }) =>
      !session.ended && backup !== undefined && jar - backup.known.generation <= HEAL_LIMIT,
  ),
);

const steal = fc.constant(
  command(
    'steal',
    async (model) => {
      model.thief = model.jar;
    },
    ({ thief, session }) => thief === undefined && !session.ended,
  ),
);

function isThere({ thief }: Readonly<Model>) {
  return thief !== undefined;
}

const thiefRefresh = fc.constant(
  command(
    'thief refreshes',
    async (model, real) => {
      model.disturbed = true;
      const sent = { generation: model.thief ?? 0, episode: real.episode() };
      const [refreshed] = await refreshAtOnce({ model, real }, [sent]);
      model.thief = refreshed?.given ?? model.thief;
    },
    isThere,
  ),
);

const thiefUse = fc.constant(
  command('thief uses', (model, real) => useAccessToken(model, real, model.thief ?? 0), isThere),
);

/** What can happen to a person without a thief. */
export const ownerCommands: Commands = [
  advance,
  advance,
  refresh,
  refresh,
  use,
  visit('arrives'),
  visit('arrives'),
  visit('is lost'),
  visit('is lost'),
  lateDuplicate,
  lateDuplicate,
  end,
  signInAgainWhen(() => true),
  restart,
  backUp,
  backUp,
  rollBack,
  rollBack,
];

/** What can happen to a person with a thief who copies the jar. */
export const thiefCommands: Commands = [
  advance,
  refresh,
  refresh,
  use,
  end,
  restart,
  visit('arrives'),
  visit('arrives'),
  visit('arrives'),
  visit('arrives'),
  visit('is lost'),
  steal,
  steal,
  steal,
  thiefRefresh,
  thiefRefresh,
  thiefRefresh,
  thiefUse,
  signInAgainWhen(({ session }) => session.ended),
  signInAgainWhen(({ session }) => session.ended),
];
