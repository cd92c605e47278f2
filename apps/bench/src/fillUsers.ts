import { randomBytes } from 'node:crypto';
import { MongoClient } from 'mongodb';

/**
 * Adds copies of a real user, who all have its password, each with an id, a name and an e-mail address of its own.
 *
 * @returns their usernames
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
