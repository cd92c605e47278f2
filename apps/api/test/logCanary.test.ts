import { expect, test } from 'vitest';
import { createApi, newPerson } from './support/api.js';
import { useTestServer } from './support/useTestServer.js';

const { server } = await useTestServer();

test('E2: no password, token, cookie or text of a request ever reaches the log', async () => {
  const api = createApi(server.url);
  const person = { ...newPerson(), password: 'canary-password-5f81' };
  const secrets = [
    person.password,
    'canary-note',
    'canary-query',
    'canary-header',
    'canary-wrong',
    'canary-broken',
  ];

  secrets.push(...secretsOf(await api.post('auth.register', person), api.cookie));
  secrets.push(...secretsOf(await api.post('auth.refresh'), api.cookie));
  await api.get('auth.me?token=canary-query');
  await api.get('auth.me', { 'x-latchkey-episode': 'canary-header', cookie: 'other=canary-header' });
  await api.post('auth.register', person);
  await api.post('auth.register', { ...person, username: 'canary-wrong name', extra: 'canary-wrong' });
  await api.post('auth.login', { identifier: person.username, password: 'canary-wrong' });
  await api.post('notes.create', { text: 'canary-note' });
  await api.post('notes.update', { id: 'no-such-note', text: 'canary-note' });
  for (const broken of ['{"password":"canary-broken', '{"password":"canary-broken"} canary-broken']) {
    await fetch(`${server.url}/trpc/auth.login`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-latchkey': '1' },
      body: broken,
    });
  }
  const [first = ''] = (api.cookie ?? '').split('.');
  await createApi(server.url).post('auth.refresh', undefined, { cookie: `${first}.9.canary-broken` });
  const passwords = { currentPassword: person.password, newPassword: 'canary-password-changed' };
  await api.post('auth.password.change', { ...passwords, currentPassword: 'canary-wrong' });
  secrets.push(...secretsOf(await api.post('auth.password.change', passwords), api.cookie));
  await api.post('auth.password.requestReset', { email: person.email });
  await api.post('auth.email.requestVerification');
  const mails = async (): Promise<{ link?: string }[]> =>
    JSON.parse(await (await fetch(`${server.url}/dev/mailbox.json`)).text());
  const links = async () => (await mails()).flatMap(({ link }) => link ?? []);
  await expect.poll(links).toHaveLength(2);
  const tokens = (await links()).map((link) => new URL(link).searchParams.get('token') ?? '');
  for (const token of tokens) {
    await fetch(`${server.url}/reset-password?token=${token}`);
    await api.post('auth.password.reset', { token, newPassword: 'canary-password-reset' });
  }
  secrets.push(...tokens, 'canary-password-changed', 'canary-password-reset');
  await api.post('auth.account.delete', { password: 'canary-password-reset' });
  await api.post('auth.logout');

  const log = server.log.join('');
  expect(log).toContain('"path":"/trpc/auth.register"');
  expect(log).toContain('"reason":"INVALID_CREDENTIALS"');
  for (const secret of secrets) expect(log).not.toContain(secret);
});

test('E3: nothing a client sends can begin a line of the log', async () => {
  const before = server.log.length;
  const forged = '\r\n\u0085\u2028\u2029{"level":"info","msg":"forged"}\u001b[2K\u007f\u009b2K\u202e\u2066';
  await createApi(server.url).post('auth.login', { identifier: forged, password: forged });
  await createApi(server.url).get(`no.such${encodeURIComponent(forged)}`);
  const lines = server.log.slice(before);
  expect(lines.length).toBeGreaterThan(0);
  for (const line of lines) {
    expect(line.endsWith('\n')).toBe(true);
    expect(line.slice(0, -1)).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
    expect(JSON.parse(line).msg).not.toBe('forged');
  }
});

function secretsOf(answer: { data: { accessToken: string } }, cookie: string | undefined) {
  const [, refreshToken = ''] = (cookie ?? '').split('=');
  const [, , , secret = '', tag = ''] = refreshToken.split('.');
  const [, payload = '', signature = ''] = answer.data.accessToken.split('.');
  return [refreshToken, secret, tag, payload, signature];
}
