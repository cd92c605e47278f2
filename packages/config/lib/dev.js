import { prepare } from './prepare.js';
import { pnpm } from './run.js';

/** Runs the server and the web app with reload until a signal ends both. */
export async function dev() {
  await prepare([]);
  const origins = process.env.CORS_ORIGINS ?? `http://localhost:${process.env.PORT || 3000}`;
  const env = { ...process.env, CORS_ORIGINS: withOrigin(origins, 'http://localhost:5173') };
  const filters = ['--filter=@latchkey/api', '--filter=@latchkey/web'];
  process.exitCode = await pnpm(['exec', 'turbo', 'run', 'dev', ...filters], { env });
}

function withOrigin(list, origin) {
  const origins = list.split(',').map((item) => item.trim());
  return origins.includes(origin) ? list : `${list},${origin}`;
}
