import { readEnv } from './env/readEnv.js';
import { createLog } from './log.js';
import { makeAdmin } from './makeAdmin.js';

const [username, ...rest] = process.argv.slice(2);
if (username === undefined || rest.length > 0) {
  console.error('usage: npm run admin -- USERNAME');
  process.exit(2);
}

const log = createLog();
try {
  if (!(await makeAdmin({ env: readEnv(process.env), log, username }))) {
    console.error('Nobody of that name has registered.');
    process.exit(1);
  }
  console.log('Done. They are signed out everywhere and administrator from their next sign-in on.');
} catch (error) {
  log.fatal({ err: error }, 'could not make an administrator');
  process.exit(1);
}
