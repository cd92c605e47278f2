import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type Response, Router, static as serveStatic } from 'express';

const API_PATHS = /^\/(?:trpc|auth|dev|docs|metrics|\.well-known)(?:\/|$)/;

/**
 * Serves a built web app: cacheable assets, and its page for every address that a browser opens. Serves nothing
 * without a build: in development Vite serves the pages.
 *
 * @param dir the folder that holds `index.html`
 */
export function webApp(dir: string): Router {
  const router = Router();
  if (!existsSync(join(dir, 'index.html'))) return router;

  router.use(serveStatic(dir, { index: false, redirect: false, setHeaders: setCaching }));
  router.get('/*path', (req, res, next) => {
    const wantsPage = req.headers.accept?.includes('text/html') && !API_PATHS.test(req.path);
    if (wantsPage) sendPage(res);
    else next();
  });
  router.get('/', (_req, res) => sendPage(res));
  return router;

  function sendPage(res: Response) {
    res.set('cache-control', 'no-cache').sendFile('index.html', { root: dir });
  }
}

function setCaching(res: Response, path: string) {
  const hashed = /[\\/]assets[\\/]/.test(path);
  res.set('cache-control', hashed ? 'public, max-age=31536000, immutable' : 'no-cache');
}
