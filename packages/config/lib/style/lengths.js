import ts from 'typescript-5.9';
import { eachNode } from './source.js';

/** The most code lines of a file. */
export const MAX_FILE_LINES = 200;

/** The most code lines of a file with tests, which is a list. */
export const MAX_TEST_FILE_LINES = 500;

/** The most code lines of a function. */
export const MAX_FUNCTION_LINES = 50;

/**
 * A file that is too long. Blank lines and comments do not count.
 *
 * @param {ts.SourceFile} source
 * @param {number} most
 */
export function checkFileLength(source, most) {
  const { size } = codeLines(source);
  if (size <= most) return [];
  return [
    { node: source.endOfFileToken, message: `the file has ${size} code lines; at most ${most} are allowed` },
  ];
}

/**
 * The functions of a file that are too long. A factory, which sets things up and returns functions, does not
 * count the lines of its inner functions: each of these is checked by itself.
 *
 * @param {ts.SourceFile} source
 */
export function checkFunctionLengths(source) {
  const lines = codeLines(source);
  const found = [];
  eachNode(source, (node) => {
    if (!isFunction(node) || !node.body) return;
    const size = functionLines(source, node, lines);
    const message = `${nameOf(node)} has ${size} code lines; at most ${MAX_FUNCTION_LINES} are allowed`;
    if (size > MAX_FUNCTION_LINES) found.push({ node, message });
  });
  return found;
}

function functionLines(source, node, lines) {
  const own = linesWithin(source, node, lines);
  if (!isFactory(node)) return own.size;
  for (const inner of innerFunctions(node))
    for (const line of linesWithin(source, inner, lines)) own.delete(line);
  return own.size;
}

function linesWithin(source, node, lines) {
  const first = source.getLineAndCharacterOfPosition(node.getStart(source)).line;
  const last = source.getLineAndCharacterOfPosition(node.end).line;
  return new Set([...lines].filter((line) => line >= first && line <= last));
}

/** The numbers, from 0, of the lines that hold more than blanks and comments. */
function codeLines(source) {
  const lines = new Set();
  const visit = (node) => {
    if (ts.isJSDoc(node)) return;
    const children = node.getChildren(source);
    if (children.length > 0) return children.forEach(visit);
    if (node.getText(source).trim() === '') return;
    const first = source.getLineAndCharacterOfPosition(node.getStart(source)).line;
    const last = source.getLineAndCharacterOfPosition(node.end).line;
    for (let line = first; line <= last; line++) lines.add(line);
  };
  visit(source);
  return lines;
}

function isFunction(node) {
  return ts.isFunctionLike(node) && 'body' in node;
}

function isFactory(node) {
  const names = new Set(innerFunctions(node).map(nameOf));
  for (const { name, initializer } of localConstants(node))
    if (holdsFunction(initializer, names)) names.add(name.getText());
  return returnedValues(node).some((value) => holdsFunction(value, names));
}

function holdsFunction(value, names) {
  if (isFunction(value)) return true;
  if (ts.isIdentifier(value)) return names.has(value.text);
  if (isObjectCall(value)) return value.arguments.some((each) => holdsFunction(each, names));
  if (!ts.isObjectLiteralExpression(value)) return false;
  return value.properties.some((each) => {
    if (ts.isPropertyAssignment(each)) return holdsFunction(each.initializer, names);
    return isFunction(each) || (ts.isShorthandPropertyAssignment(each) && names.has(each.name.text));
  });
}

/** `Object.assign(f, { … })`, `Object.freeze({ … })` */
function isObjectCall(node) {
  return ts.isCallExpression(node) && node.expression.getText().startsWith('Object.');
}

/** The functions directly inside a function, not those inside of these. */
function innerFunctions(node) {
  const found = [];
  const visit = (child) => {
    if (isFunction(child)) found.push(child);
    else ts.forEachChild(child, visit);
  };
  ts.forEachChild(node.body, visit);
  return isFunction(node.body) ? [node.body] : found;
}

function localConstants(node) {
  if (!ts.isBlock(node.body)) return [];
  return node.body.statements
    .filter(ts.isVariableStatement)
    .flatMap(({ declarationList }) => declarationList.declarations)
    .filter(({ initializer }) => initializer);
}

function returnedValues(node) {
  if (!ts.isBlock(node.body)) return [unwrap(node.body)];
  const found = [];
  const visit = (child) => {
    if (ts.isReturnStatement(child) && child.expression) found.push(unwrap(child.expression));
    else if (!isFunction(child)) ts.forEachChild(child, visit);
  };
  visit(node.body);
  return found;
}

function unwrap(node) {
  const isWrapper =
    ts.isParenthesizedExpression(node) || ts.isAsExpression(node) || ts.isSatisfiesExpression(node);
  return isWrapper ? unwrap(node.expression) : node;
}

function nameOf({ name, parent }) {
  const named = name ?? (parent && 'name' in parent ? parent.name : undefined);
  return named?.getText() ?? 'a function';
}
