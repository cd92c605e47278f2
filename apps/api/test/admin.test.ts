import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createApi, newPerson } from './support/api.js';
import { runAdminCommand, startServerProcess } from './support/serverProcess.js';

test('L13: nobody is an administrator until the command makes one, beside the running server', async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'latchkey-api-admin-'));
  await using server = await startServerProcess({ DATA_DIR: dataDir, REVOCATION_POLL: '50ms' });
  const person = newPerson();
  const api = createApi(server.url);
  const { data } = await api.post('auth.register', person);
  expect(await api.get('admin.users.list')).toMatchObject({
    status: 403,
    error: { reason: 'ROLE_REQUIRED' },
  });

  const command = (name: string) => runAdminCommand([name], { NODE_ENV: 'test', DATA_DIR: dataDir });
  expect(await command('nobody')).toMatchObject({
    code: 1,
    stderr: 'There is no user nobody. Sign up with this name first.\n',
  });
  const { code, stdout } = await command(person.username.toUpperCase());
  expect(code).toBe(0);
  expect(stdout).toContain(`"type":"privilege_permissions_changed","outcome":"success"`);
  expect(stdout).toContain(data.user.id);

  await expect.poll(async () => (await api.get('whoami')).error?.reason).toBe('SESSION_REVOKED');
  await api.post('auth.login', { identifier: person.username, password: person.password });
  const { items } = (await api.get('admin.users.list')).data;
  expect(items).toMatchObject([{ username: person.username, roles: ['admin'], disabled: false }]);
  expect((await command(person.username)).code).toBe(0);
  await rm(dataDir, { recursive: true, force: true });
});
