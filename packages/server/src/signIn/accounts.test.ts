import { expect, it } from 'vitest';
import type { User } from '../contract/index.js';
import type { UserRecord } from '../user/userModel.js';
import { createAccounts } from './accounts.js';

const person = (email: string): UserRecord => ({
  ...{ _id: 'u', username: 'u', usernameKey: 'u', email, emailVerified: false, roles: [] },
  ...{ passwordHash: '', createdAt: new Date(0), disabledAt: null, signInEpoch: 0, linkEpoch: 0 },
});

it('a copy of a person that was written late is followed by the person as of then', async () => {
  let stored = person('old@example.com');
  let copy: User | undefined;
  let isFirst = true;
  const accounts = createAccounts({
    users: {
      find: async () => stored,
      interruptSignIns: async () => true,
      disable: async () => true,
      enable: async () => true,
    },
    sessions: { endAll: async () => 0 },
    changes: { setRoles: async () => undefined },
    sessionStore: {
      setUser: async (user) => {
        // Another request changes the person, and writes its copies, while this one is on its way.
        if (isFirst) stored = person('new@example.com');
        isFirst = false;
        copy = user;
      },
    },
    events: { emit() {} },
  });
  await accounts.followUser('u');
  expect(copy?.email).toBe('new@example.com');
});
