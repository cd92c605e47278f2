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
    console.error(`There is no user ${username}. Sign up with this name first.`);
    process.exit(1);
  }
  console.log(`${username} is signed out everywhere, and an administrator from the next sign-in on.`);
} catch (error) {
  log.fatal({ err: error }, 'could not make an administrator');
  process.exit(1);
}
