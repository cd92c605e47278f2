import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import express from 'express';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { notFound } from './fallbacks.js';
import { webApp } from './web.js';

let dir: string;
let server: Server;
let url: string;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'latchkey-web-'));
  await mkdir(join(dir, 'assets'));
  await writeFile(join(dir, 'index.html'), '<!doctype html><title>page</title>');
  await writeFile(join(dir, 'assets', 'index-a1b2c3d4.js'), 'console.log(1)');
  await writeFile(join(dir, 'icon.svg'), '<svg/>');
  await writeFile(`${dir}-secret`, 'outside');
  server = createServer(express().use(webApp(dir)).use(notFound));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
});
afterAll(async () => {
  await new Promise((resolve) => server.close(resolve));
  await rm(dir, { recursive: true });
  await rm(`${dir}-secret`);
});

function get(path: string, accept: string) {
  return fetch(url + path, { headers: { accept } });
}

test.each([
  ['/', '*/*'],
  ['/notes/today', 'text/html,application/xhtml+xml,*/*;q=0.8'],
])('answers %s with the page, not to be cached', async (path, accept) => {
  const res = await get(path, accept);
  expect(res.status).toBe(200);
  expect(res.headers.get('cache-control')).toBe('no-cache');
  expect(await res.text()).toContain('<title>page</title>');
});

test('lets only hashed assets be cached', async () => {
  expect((await get('/assets/index-a1b2c3d4.js', '*/*')).headers.get('cache-control')).toBe(
    'public, max-age=31536000, immutable',
  );
  expect((await get('/icon.svg', '*/*')).headers.get('cache-control')).toBe('no-cache');
});

test.each([
  ['/notes/today', 'application/json'],
  ['/assets/gone.js', '*/*'],
  ['/trpc/no.such', 'text/html'],
  ['/auth/no-such', 'text/html'],
  ['/.well-known/no-such', 'text/html'],
  ['/..%2f..%2fetc%2fpasswd', '*/*'],
])('does not answer %s for %s with the page', async (path, accept) => {
  const res = await get(path, accept);
  expect(res.status).toBeGreaterThanOrEqual(400);
  expect(res.status).toBeLessThan(500);
});
