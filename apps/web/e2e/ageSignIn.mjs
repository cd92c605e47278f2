import { openDatabase } from '../../api/dist/database.js';
import { readEnv } from '../../api/dist/env/readEnv.js';
import { createLog } from '../../api/dist/log.js';

/** Run beside the server app: moves the last sign-in of the person with this name an hour into the past. */
const [username] = process.argv.slice(2);
const database = await openDatabase(readEnv(process.env), createLog());
const { matchedCount } = await database.connection
  .collection('latchkey_sessions')
  .updateMany({ 'user.username': username }, { $set: { authenticatedAt: new Date(Date.now() - 3_600_000) } });
await database.close();
if (matchedCount === 0) throw new Error(`${username} is not signed in.`);
