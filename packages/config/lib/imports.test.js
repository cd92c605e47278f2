import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { importsAgainst, readImports } from './imports.js';

const folders = [];

afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

function sources(files) {
  const folder = mkdtempSync(join(tmpdir(), 'imports-'));
  folders.push(folder);
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return folder;
}

test('reads imports, type imports, dynamic imports, re-exports and side effects', () => {
  const { imports } = readImports(
    sources({
      'index.ts': "export { a } from './a/a.js';\nimport './a/b.js';",
      'a/a.ts': "import type { B } from './b.js';\nconst c = () => import('../c.js');\nimport 'node:fs';",
      'a/b.ts': "import {\n  c,\n} from '../c.js';",
      'c.tsx': '',
    }),
  );
  expect(imports).toEqual([
    { from: 'a/a.ts', to: 'a/b.ts' },
    { from: 'a/a.ts', to: 'c.tsx' },
    { from: 'a/b.ts', to: 'c.tsx' },
    { from: 'index.ts', to: 'a/a.ts' },
    { from: 'index.ts', to: 'a/b.ts' },
  ]);
});

test('ignores imports in comments and in tests', () => {
  const { imports } = readImports(
    sources({
      'a.ts': "/**\n * import { b } from './b.js';\n */\n// import './b.js';\nconst url = 'http://b';",
      'a.test.ts': "import './a.js';",
      'b.ts': '',
    }),
  );
  expect(imports).toEqual([]);
});

test('finds two rooms that import each other, though no two files do', () => {
  const read = readImports(
    sources({
      'a/one.ts': "import '../b/one.js';",
      'a/two.ts': '',
      'b/one.ts': '',
      'b/two.ts': "import '../a/two.js';",
    }),
  );
  expect(read.roomCycles).toEqual([['a', 'b', 'a']]);
  expect(read.fileCycles).toEqual([]);
});

test('finds a circle of three files within a room', () => {
  const read = readImports(
    sources({ 'a/1.ts': "import './2.js';", 'a/2.ts': "import './3.js';", 'a/3.ts': "import './1.js';" }),
  );
  expect(read.roomCycles).toEqual([]);
  expect(read.fileCycles).toEqual([['a/1.ts', 'a/2.ts', 'a/3.ts', 'a/1.ts']]);
});

test('takes each folder of a nested folder for a room', () => {
  const folder = sources({
    'methods/a/x.ts': "import '../b/y.js';",
    'methods/b/y.ts': '',
    'methods/z.ts': '',
  });
  expect(readImports(folder).rooms).toEqual(['methods']);
  const { rooms, between } = readImports(folder, { nested: ['methods'] });
  expect(rooms).toEqual(['methods', 'methods/a', 'methods/b']);
  expect(between).toMatchObject([{ fromRoom: 'methods/a', toRoom: 'methods/b' }]);
});

test('lists the imports against an order, and the rooms that it leaves out', () => {
  const read = readImports(
    sources({ 'index.ts': "import './a/x.js';", 'a/x.ts': '', 'b/y.ts': "import '../a/x.js';" }),
  );
  expect(importsAgainst(read, ['index.ts', 'b', 'a'])).toEqual([]);
  expect(importsAgainst(read, ['a', 'b'])).toEqual(['index.ts is not in the order', 'b/y.ts imports a/x.ts']);
});
