import { expect, it } from 'vitest';
import type { User } from '../contract/index.js';
import type { UserRecord } from '../user/userModel.js';
import { createUpdateUserCopies } from './updateUserCopies.js';

function userWith(email: string): UserRecord {
  return {
    _id: 'u',
    username: 'u',
    usernameKey: 'u',
    email,
    emailVerified: false,
    roles: [],
    passwordHash: '',
    createdAt: new Date(0),
    disabledAt: null,
    signInEpoch: 0,
    linkEpoch: 0,
  };
}

it('ends with a copy of the user as they are, also when another request changes them meanwhile', async () => {
  let stored = userWith('old@example.com');
  let copy: User | undefined;
  let isFirst = true;
  const updateUserCopies = createUpdateUserCopies({
    users: { find: async () => stored },
    sessionStore: {
      setUser: async (user) => {
        // Another request changes the user and writes its copies while this write is on its way.
        if (isFirst) stored = userWith('new@example.com');
        isFirst = false;
        copy = user;
      },
    },
  });
  await updateUserCopies('u');
  expect(copy?.email).toBe('new@example.com');
});
