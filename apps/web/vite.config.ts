import tailwindcss from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import { defaultClientConditions, defineConfig, type Plugin } from 'vite';

const API = 'http://localhost:3000';

/** Lets the browser fetch the font of the headings together with the style sheet. */
const preloadFont: Plugin = {
  name: 'preload-font',
  apply: 'build',
  transformIndexHtml: {
    order: 'post',
    handler: (_html, { bundle = {} }) =>
      Object.keys(bundle)
        .filter((file) => file.endsWith('.woff2'))
        .map((file) => ({
          tag: 'link',
          attrs: { rel: 'preload', as: 'font', type: 'font/woff2', href: `/${file}`, crossorigin: true },
          injectTo: 'head',
        })),
  },
};

export default defineConfig(({ command }) => ({
  plugins: [react(), tailwindcss(), preloadFont],
  // In development the workspace's packages are imported from their sources, so that nothing must be built.
  resolve: {
    conditions: [...(command === 'serve' ? ['@latchkey/source'] : []), ...defaultClientConditions],
  },
  server: {
    port: 5173,
    strictPort: true,
    // The server accepts requests from its own origin only.
    proxy: Object.fromEntries(
      [
        '/trpc',
        '/auth',
        '/dev',
        '/docs',
        '/openapi.json',
        '/.well-known',
        '/healthz',
        '/readyz',
        '/metrics',
      ].map((path) => [path, { target: API, headers: { origin: API } }]),
    ),
  },
  build: {
    sourcemap: true,
    // A font inside the style sheet would block the first paint, and the content policy forbids it.
    assetsInlineLimit: 0,
    cssTarget: ['chrome123', 'firefox120', 'safari17.5'],
  },
}));
