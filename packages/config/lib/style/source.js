import { readFileSync } from 'node:fs';
import { extname } from 'node:path';
import ts from 'typescript-5.9';

const KINDS = {
  '.ts': ts.ScriptKind.TS,
  '.tsx': ts.ScriptKind.TSX,
  '.js': ts.ScriptKind.JS,
  '.mjs': ts.ScriptKind.JS,
};

/** The endings of the files that the style checks read. */
export const EXTENSIONS = Object.keys(KINDS);

/**
 * Parses one file, with parents set.
 *
 * @param {string} path
 * @param {string} [text] the file's text, if it was already read
 */
export function parseSource(path, text = readFileSync(path, 'utf8')) {
  return ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true, KINDS[extname(path)]);
}

/** The line of a node, counted from 1. */
export function lineOf(source, node) {
  return source.getLineAndCharacterOfPosition(node.getStart(source)).line + 1;
}

/** Calls `see` with every node below `node`, parents first. */
export function eachNode(node, see) {
  ts.forEachChild(node, (child) => {
    see(child);
    eachNode(child, see);
  });
}
