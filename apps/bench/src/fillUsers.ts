import { randomBytes } from 'node:crypto';
import { MongoClient } from 'mongodb';

/**
 * Adds copies of a real user. Each has its own id, username and e-mail address, and the same password.
 *
 * @returns the usernames
 */
export async function fillUsers(uri: string, count: number): Promise<string[]> {
  const client = await new MongoClient(uri).connect();
  try {
    const collection = client.db().collection<{ _id: string }>('latchkey_users');
    const template = await collection.findOne();
    if (template === null) throw new Error('There is no user to copy.');
    const usernames = Array.from({ length: count }, (_, index) => `storm-${index}`);
    const users = usernames.map((username) => ({
      ...template,
      _id: randomBytes(18).toString('base64url'),
      username,
      usernameKey: username,
      email: `${username}@example.com`,
    }));
    await collection.insertMany(users);
    return usernames;
  } finally {
    await client.close();
  }
}
