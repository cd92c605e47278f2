import { randomBytes } from 'node:crypto';
import type { Connection } from 'mongoose';
import { z } from 'zod';

/** A person with an account, and their data. */
export interface Person {
  username: string;
  email: string;
  password: string;
  userId: string;
  sessionId: string;
  accessToken: string;
  /** As a Cookie header. */
  cookie: string;
  /** The text of their note. */
  note: string;
  noteId: string;
}

const credentials = z.looseObject({
  user: z.looseObject({ id: z.string() }),
  session: z.looseObject({ id: z.string() }),
  accessToken: z.string(),
});
const createdSchema = z.object({ result: z.object({ data: z.looseObject({ id: z.string() }) }) });
const OURS = { 'content-type': 'application/json', 'x-latchkey': '1' };

/** The password of the members, which attackers try on everyone. */
export const COMMON_PASSWORD = 'plum orchard at dusk 41';

/** Registers a person who writes a note. No name is part of another one. */
export async function register(url: string, password = COMMON_PASSWORD): Promise<Person> {
  const username = `fuzz-${randomBytes(6).toString('hex')}`;
  const person = { username, email: `${username}@example.com`, password };
  const session = await signIn(`${url}/auth/register`, person);
  const note = `private thought of ${session.userId}`;
  const created = await fetch(`${url}/trpc/notes.create`, {
    method: 'POST',
    headers: { ...OURS, authorization: `Bearer ${session.accessToken}` },
    body: JSON.stringify({ text: note }),
  });
  return { ...person, ...session, note, noteId: createdSchema.parse(await created.json()).result.data.id };
}

/** Signs a person in again. */
export async function signInAgain(url: string, person: Person): Promise<Person> {
  const input = { identifier: person.username, password: person.password };
  return { ...person, ...(await signIn(`${url}/auth/login`, input)) };
}

/** Registers a person and makes them an administrator. */
export async function newAdministrator(url: string, connection: Connection): Promise<Person> {
  const person = await register(url);
  const users = connection.collection<{ _id: string }>('latchkey_users');
  await users.updateOne({ _id: person.userId }, { $set: { roles: ['admin'] } });
  return signInAgain(url, person);
}

async function signIn(address: string, input: object) {
  const res = await fetch(address, { method: 'POST', headers: OURS, body: JSON.stringify(input) });
  if (!res.ok) throw new Error(`${address} answered ${res.status}: ${await res.text()}`);
  const cookie = res.headers.getSetCookie()[0]?.split(';', 1)[0] ?? '';
  const { user, session, accessToken } = credentials.parse(await res.json());
  return { userId: user.id, sessionId: session.id, accessToken, cookie };
}

/** The strings that only their owner may read. */
export function privateTo({ username, email, userId, sessionId, note, noteId }: Person) {
  return [username, email, userId, sessionId, note, noteId];
}

/** Whether a person's account, session and notes are unchanged. */
export async function isUntouched(url: string, person: Person): Promise<boolean> {
  const headers = { ...OURS, cookie: person.cookie };
  const refreshed = await fetch(`${url}/auth/refresh-token`, { method: 'POST', headers });
  if (!refreshed.ok) return false;
  const { accessToken } = credentials.parse(await refreshed.json());
  const authorization = `Bearer ${accessToken}`;
  const me = await fetch(`${url}/auth/me`, { headers: { authorization } });
  const notes = await fetch(`${url}/trpc/notes.list`, { headers: { authorization } });
  const profile = z
    .looseObject({ username: z.string(), email: z.string(), roles: z.array(z.string()) })
    .parse(await me.json());
  return (
    profile.username === person.username &&
    profile.email === person.email &&
    profile.roles.length === 0 &&
    (await notes.text()).includes(JSON.stringify(person.note)) &&
    (await signInAgain(url, person)).userId === person.userId
  );
}
