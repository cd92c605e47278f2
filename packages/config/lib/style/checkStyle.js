import { readdirSync, statSync } from 'node:fs';
import { extname, join, relative, sep } from 'node:path';
import { workspacePackages } from '../workspace.js';
import { checkDialect } from './dialect.js';
import { checkEntryPoints } from './entryPoints.js';
import { checkFileLength, checkFunctionLengths, MAX_FILE_LINES, MAX_TEST_FILE_LINES } from './lengths.js';
import { EXTENSIONS, lineOf, parseSource } from './source.js';

const OUTPUTS = new Set(['node_modules', 'dist', '.turbo', '.vitest', '.data']);

/**
 * Checks files for what Biome has no rule for: the dialect, lengths, and JSDoc at the entry points of public packages.
 *
 * @param {string} root the folder that the printed paths begin at
 * @param {string[]} paths files and folders, absolute
 * @returns {string[]} one line for each finding: `path:line message`
 */
export function checkStyle(root, paths) {
  const files = paths.flatMap(sourceFiles);
  const packages = workspacePackages().filter(
    ({ dir, manifest }) => !manifest.private && files.some((file) => file.startsWith(dir + sep)),
  );
  const found = [
    ...files.map((file) => parseSource(file)).flatMap(checkFile),
    ...packages.flatMap(checkEntryPoints),
  ];
  return found.map(
    ({ source, node, message }) => `${relative(root, source.fileName)}:${lineOf(source, node)} ${message}`,
  );
}

function checkFile(source) {
  const lengths = isTest(source.fileName)
    ? checkFileLength(source, MAX_TEST_FILE_LINES)
    : [...checkFileLength(source, MAX_FILE_LINES), ...checkFunctionLengths(source)];
  return [...checkDialect(source), ...lengths].map((each) => ({ source, ...each }));
}

/** A `describe` block is as long as its tests are many. */
function isTest(path) {
  return /\.test(-d)?\.\w+$/.test(path) || /[\\/](test|e2e)[\\/]/.test(path);
}

function sourceFiles(path) {
  if (!statSync(path).isDirectory()) return EXTENSIONS.includes(extname(path)) ? [path] : [];
  return readdirSync(path)
    .filter((name) => !OUTPUTS.has(name))
    .flatMap((name) => sourceFiles(join(path, name)));
}
