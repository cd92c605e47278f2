import { resolve } from 'node:path';

export const PORT = Number(process.env.PORT ?? 3000);

/** Where the app keeps what it must not lose. */
export const DATA_DIR = resolve(process.env.DATA_DIR ?? '.data', 'example-ssr');
