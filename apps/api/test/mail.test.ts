import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createApi, newPerson } from './support/api.js';
import { openTestDatabase, type TestDatabase } from './support/database.js';
import { productionEnv } from './support/productionEnv.js';
import { startServerProcess } from './support/serverProcess.js';
import { startSmtpServer, textOf } from './support/smtpServer.js';
import { startTestServer } from './support/testServer.js';

let database: TestDatabase;
beforeAll(async () => {
  database = await openTestDatabase();
});
afterAll(() => database?.[Symbol.asyncDispose]());

const NEW_PASSWORD = 'another sentence nobody uses 8';

async function register(url: string) {
  const api = createApi(url);
  const person = newPerson();
  expect((await api.post('auth.register', person)).status).toBe(200);
  return { api, person };
}

describe('by SMTP', () => {
  test('L11: sends a link to APP_URL that resets the password, and tells the log nothing of it', async () => {
    await using smtp = await startSmtpServer();
    await using server = await startTestServer({
      MONGODB_URI: database.uri,
      APP_URL: 'https://app.example.com/base/',
      SMTP_URL: smtp.url,
      MAIL_FROM: 'Latchkey <no-reply@example.com>',
    });
    const { api, person } = await register(server.url);
    expect((await api.post('auth.password.requestReset', { email: person.email })).data).toEqual({
      ok: true,
    });
    await expect.poll(() => smtp.mails.length).toBe(1);

    const [mail] = smtp.mails;
    if (mail === undefined) throw new Error('no mail arrived');
    expect(mail).toMatchObject({ from: 'no-reply@example.com', to: [person.email] });
    expect(mail.raw).toMatch(/^From: Latchkey <no-reply@example\.com>\r$/m);
    expect(mail.raw).toMatch(new RegExp(`^To: ${person.email}\\r$`, 'm'));
    expect(mail.raw).toMatch(/^Subject: Reset your password for Latchkey\r$/m);
    expect(mail.raw).toMatch(/^Content-Type: multipart\/alternative;/m);
    expect(smtp.passwords).toContain('canary-smtp-password');
    const text = textOf(mail);
    const token = /https:\/\/app\.example\.com\/base\/reset-password\?token=([\w-]{43})/.exec(text)?.[1];
    expect(text).toContain(`Hello ${person.username},`);

    expect((await api.post('auth.password.reset', { token, newPassword: NEW_PASSWORD })).data).toEqual({
      ok: true,
    });
    const login = { identifier: person.username, password: NEW_PASSWORD };
    expect((await createApi(server.url).post('auth.login', login)).status).toBe(200);
    await expect.poll(() => smtp.mails.length).toBe(2);
    const log = server.log.join('');
    for (const secret of [token, NEW_PASSWORD, 'canary-smtp-password']) expect(log).not.toContain(secret);
    expect(log).toContain('"type":"authn_password_change"');
  });

  test('tries again when the mail server refuses a mail temporarily', async () => {
    await using smtp = await startSmtpServer();
    await using server = await startTestServer({
      MONGODB_URI: database.uri,
      SMTP_URL: smtp.url,
      MAIL_FROM: 'no-reply@example.com',
    });
    const { api } = await register(server.url);
    smtp.refusals = 1;
    expect((await api.post('auth.email.requestVerification')).data).toEqual({ ok: true });
    await expect.poll(() => smtp.mails.length).toBe(1);
  });

  test('L7: a mail server that is down shows in no answer, and the loss in the log', async () => {
    const smtp = await startSmtpServer();
    await smtp[Symbol.asyncDispose]();
    const server = await startTestServer({
      MONGODB_URI: database.uri,
      SMTP_URL: smtp.url,
      MAIL_FROM: 'no-reply@example.com',
    });
    const { api, person } = await register(server.url);
    for (const email of [person.email, 'nobody@example.com']) {
      expect((await api.post('auth.password.requestReset', { email })).data).toEqual({ ok: true });
    }
    await server[Symbol.asyncDispose]();
    const failures = server.log.map((line) => JSON.parse(line)).filter(({ msg }) => /background/.test(msg));
    expect(failures).toEqual([
      expect.objectContaining({
        level: 'error',
        event: expect.objectContaining({ type: 'background_error', detail: 'mail: password_reset' }),
        err: expect.objectContaining({ message: expect.stringContaining('ECONNREFUSED') }),
      }),
    ]);
  });
});

describe('the development mailbox', () => {
  test('shows every mail, as a page and as JSON, newest first', async () => {
    await using server = await startTestServer({ MONGODB_URI: database.uri });
    expect(await (await fetch(`${server.url}/dev/mailbox`)).text()).toContain('No mail yet');
    const { api, person } = await register(server.url);
    await api.post('auth.password.requestReset', { email: person.email });
    const read = async (): Promise<{ link: string }[]> =>
      JSON.parse(await (await fetch(`${server.url}/dev/mailbox.json`)).text());
    await expect.poll(read).toHaveLength(1);
    await api.post('auth.email.requestVerification');
    await expect.poll(read).toHaveLength(2);

    const [verification, reset] = await read();
    expect(verification).toMatchObject({ kind: 'email_verification', to: person.email });
    expect(reset).toMatchObject({
      kind: 'password_reset',
      at: expect.stringMatching(/^\d{4}-.*Z$/),
      to: person.email,
      subject: 'Reset your password for Latchkey',
      link: expect.stringContaining(`${server.url}/reset-password?token=`),
    });
    const page = await fetch(`${server.url}/dev/mailbox`);
    expect(page.headers.get('content-type')).toMatch(/^text\/html/);
    expect(page.headers.get('cache-control')).toBe('no-store');
    const html = await page.text();
    expect(html).toContain(`<a href="${verification?.link}">${verification?.link}</a>`);
    expect(html).toContain('name="viewport"');
    const style = await fetch(`${server.url}/dev/mailbox.css`);
    expect(style.headers.get('content-type')).toMatch(/^text\/css/);

    const token = new URL(verification?.link ?? '').searchParams.get('token');
    expect((await createApi(server.url).post('auth.email.verify', { token })).data).toEqual({ ok: true });
    expect((await api.get('auth.me')).data.emailVerified).toBe(true);
  });

  test('does not exist if mails are sent by SMTP', async () => {
    await using smtp = await startSmtpServer();
    await using server = await startTestServer({
      MONGODB_URI: database.uri,
      SMTP_URL: smtp.url,
      MAIL_FROM: 'no-reply@example.com',
    });
    expect((await fetch(`${server.url}/dev/mailbox.json`)).status).toBe(404);
  });

  test('does not exist in production, which warns at the start and refuses calls that need mail', async () => {
    await using server = await startServerProcess({
      MONGODB_URI: database.uri,
      ...productionEnv(),
    });
    expect(server.output.join('\n')).toContain('SMTP_URL is not set');
    for (const path of ['', '.json', '.css']) {
      expect((await fetch(`${server.url}/dev/mailbox${path}`)).status).toBe(404);
    }
    const api = createApi(server.url);
    const { status, error } = await api.post('auth.password.requestReset', { email: 'nobody@example.com' });
    expect({ status, code: error?.code }).toEqual({ status: 501, code: 'NOT_IMPLEMENTED' });
  });
});
