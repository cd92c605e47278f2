import { expect, test } from 'vitest';
import type { AuthMail, AuthMailKind } from './authMail.js';
import { createOutbox } from './outbox.js';

const MAIL: AuthMail = {
  kind: 'password_changed',
  to: 'a@example.com',
  subject: 'subject',
  text: 'text',
  html: 'html',
};

/** An outbox that records its pauses and does not wait. */
function start(send: (message: AuthMail) => Promise<void>, options: { maxWaiting?: number } = {}) {
  const pauses: number[] = [];
  const lost: [string, AuthMailKind][] = [];
  const outbox = createOutbox({
    ...options,
    mailer: { send },
    onError: (error, kind) => lost.push([error instanceof Error ? error.message : '', kind]),
    wait: async (milliseconds) => {
      pauses.push(milliseconds);
    },
  });
  return { outbox, pauses, lost };
}

test('sends after the request was answered', async () => {
  const sent: AuthMail[] = [];
  const { outbox, pauses, lost } = start(async (message) => void sent.push(message));
  outbox.post('password_changed', () => MAIL);
  expect(sent).toEqual([]);
  await expect.poll(() => sent).toEqual([MAIL]);
  expect(pauses).toEqual([100]);
  expect(lost).toEqual([]);
});

test('tries again after growing pauses, with the mail that was composed once', async () => {
  let composed = 0;
  const sent: string[] = [];
  const { outbox, pauses } = start(async ({ subject }) => {
    sent.push(subject);
    if (sent.length < 4) throw new Error('busy');
  });
  outbox.post('password_reset', async () => ({ ...MAIL, subject: `token ${++composed}` }));
  await expect.poll(() => sent).toHaveLength(4);
  expect(new Set(sent)).toEqual(new Set(['token 1']));
  expect(pauses).toEqual([100, 1_000, 10_000, 60_000]);
});

test('tries again if the mail could not be composed, as when the database is away', async () => {
  let attempts = 0;
  const sent: AuthMail[] = [];
  const { outbox } = start(async (message) => void sent.push(message));
  outbox.post('password_reset', async () => {
    attempts += 1;
    if (attempts < 3) throw new Error('no database');
    return MAIL;
  });
  await expect.poll(() => sent).toEqual([MAIL]);
});

test('reports a mail that it gives up, by its kind', async () => {
  const { outbox, lost } = start(async () => {
    throw new Error('no such host');
  });
  outbox.post('password_reset', () => MAIL);
  await expect.poll(() => lost).toEqual([['no such host', 'password_reset']]);
});

test('sends nothing if no mail is composed', async () => {
  const { outbox, lost } = start(async () => {
    throw new Error('must not be called');
  });
  outbox.post('password_reset', async () => undefined);
  await outbox.stop();
  expect(lost).toEqual([]);
});

test('refuses mails beyond its limit', async () => {
  let release = () => {};
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  const { outbox, lost } = start(() => held, { maxWaiting: 2 });
  for (let n = 0; n < 3; n++) outbox.post('password_reset', () => MAIL);
  expect(lost).toEqual([['Too many mails are waiting.', 'password_reset']]);
  release();
  await outbox.stop();
  expect(lost).toHaveLength(1);
});

test('on stop sends new mails at once, and reports those that it gives up', async () => {
  const sent: AuthMail[] = [];
  const lost: [string, AuthMailKind][] = [];
  const outbox = createOutbox({
    mailer: {
      async send(message) {
        if (message.to === 'down@example.com') throw new Error('down');
        sent.push(message);
      },
    },
    onError: (error, kind) => lost.push([error instanceof Error ? error.message : '', kind]),
    headStartMs: 60_000,
  });
  outbox.post('password_changed', () => MAIL);
  outbox.post('email_change', () => ({ ...MAIL, to: 'down@example.com' }));
  await outbox.stop();
  expect(sent).toEqual([MAIL]);
  expect(lost).toEqual([['down', 'email_change']]);
});

test('on stop does not wait for ever for a silent mail server', async () => {
  const { outbox, lost } = start(() => new Promise(() => {}));
  outbox.post('email_verification', () => MAIL);
  await outbox.stop();
  expect(lost).toEqual([['The server stopped while the mail was being sent.', 'email_verification']]);
});
