import react from '@vitejs/plugin-react';
import { defaultClientConditions, defineConfig } from 'vite';

const api = 'http://localhost:3000';

export default defineConfig(({ command }) => ({
  plugins: [react()],
  // In development the workspace's packages are taken from their sources, so that nothing needs building.
  resolve: {
    conditions: [...(command === 'serve' ? ['@latchkey/source'] : []), ...defaultClientConditions],
  },
  server: {
    port: 5173,
    strictPort: true,
    // The server takes requests of its own origin only, and sees them as such.
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
      ].map((path) => [path, { target: api, headers: { origin: api } }]),
    ),
  },
  build: { sourcemap: true },
}));
