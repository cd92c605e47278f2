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

/** A separate file, since the content security policy allows no inline script. `validatorUrl: null` calls no other site. */
const SCRIPT = `SwaggerUIBundle({ url: '/openapi.json', domNode: document.getElementById('reader'), validatorUrl: null });
`;

/** Serves Swagger UI for `/openapi.json` at `/docs`, from this server's files only. For development. */
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
