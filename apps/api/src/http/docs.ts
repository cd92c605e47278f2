import { fileURLToPath } from 'node:url';
import { Router } from 'express';

const PAGE = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <title>Latchkey's plain HTTP</title>
    <link rel="icon" href="/favicon.svg" type="image/svg+xml" />
    <link rel="stylesheet" href="/docs/swagger-ui.css" />
  </head>
  <body>
    <div id="reader"></div>
    <script src="/docs/swagger-ui-bundle.js"></script>
    <script src="/docs/reader.js"></script>
  </body>
</html>
`;

/** A file, since the content rules allow no script within a page. It asks nobody else to judge the document. */
const SCRIPT = `SwaggerUIBundle({ url: '/openapi.json', domNode: document.getElementById('reader'), validatorUrl: null });
`;

/** A reader of `/openapi.json` at `/docs`, made of the server's own files alone; for development. */
export function docsRouter(): Router {
  const root = fileURLToPath(new URL('.', import.meta.resolve('swagger-ui-dist/package.json')));
  const router = Router();
  router.get('/docs', (_req, res) => {
    res.set('cache-control', 'no-cache').type('html').send(PAGE);
  });
  router.get('/docs/reader.js', (_req, res) => {
    res.set('cache-control', 'no-cache').type('js').send(SCRIPT);
  });
  for (const file of ['swagger-ui.css', 'swagger-ui-bundle.js']) {
    router.get(`/docs/${file}`, (_req, res) => {
      res.set('cache-control', 'no-cache').sendFile(file, { root });
    });
  }
  return router;
}
