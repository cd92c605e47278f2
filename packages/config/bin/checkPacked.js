#!/usr/bin/env node
// Packs every public package and checks the tarball with the tools of its users: publint checks the manifest,
// are-the-types-wrong the types, for import and bundlers only, since the packages are ESM.
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkPackage, createPackageFromTarballData } from '@arethetypeswrong/core';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import { pnpm, succeed } from '../lib/run.js';
import { workspacePackages } from '../lib/workspace.js';

const ESM_RESOLUTIONS = new Set(['node16-esm', 'bundler']);

async function problemsOf({ name, manifest, tarball }) {
  const bytes = readFileSync(tarball);
  const [{ messages }, types] = await Promise.all([
    publint({ pack: { tarball: toArrayBuffer(bytes) }, level: 'warning', strict: true }),
    checkPackage(createPackageFromTarballData(new Uint8Array(bytes))),
  ]);
  const wrongTypes = (types.problems ?? []).filter((problem) => ESM_RESOLUTIONS.has(problem.resolutionKind));
  return [
    ...messages.map((message) => formatMessage(message, manifest, { color: false })),
    ...(types.types ? [] : ['has no types']),
    ...wrongTypes.map((problem) => `${problem.kind} for ${problem.entrypoint} (${problem.resolutionKind})`),
  ].map((problem) => `${name}: ${problem}`);
}

function toArrayBuffer(bytes) {
  return bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength);
}

const published = workspacePackages().filter(({ manifest }) => !manifest.private);
const dir = mkdtempSync(join(tmpdir(), 'latchkey-packed-'));
try {
  const filters = published.map(({ name }) => `--filter=${name}`);
  const packing = pnpm([...filters, 'exec', 'pnpm', '--silent', 'pack', '--pack-destination', dir], {
    stdout: 'stderr',
  });
  await succeed('packing', packing);
  const tarballs = readdirSync(dir);
  const problems = await Promise.all(
    published.map(({ name, manifest }) => {
      const prefix = `${name.replace('@', '').replace('/', '-')}-${manifest.version}`;
      const tarball = tarballs.find((file) => file.startsWith(prefix));
      return tarball
        ? problemsOf({ name, manifest, tarball: join(dir, tarball) })
        : [`${name}: was not packed`];
    }),
  );
  for (const problem of problems.flat()) console.error(problem);
  process.exitCode = problems.flat().length === 0 ? 0 : 1;
} finally {
  rmSync(dir, { recursive: true, force: true });
}
