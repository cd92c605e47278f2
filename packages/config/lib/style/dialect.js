import ts from 'typescript-5.9';
import { dataConstants, topLevelConstants, upperCase } from './dataConstants.js';
import { eachNode } from './source.js';

/**
 * What breaks the dialect of this repository in one file.
 *
 * @param {ts.SourceFile} source
 * @returns {{ node: ts.Node, message: string }[]}
 */
export function checkDialect(source) {
  return [...topLevelFunctions(source), ...lowerCaseData(source), ...literalSpreads(source)];
}

/** `const f = () => …` and `const f = function …` at the top level. */
function topLevelFunctions(source) {
  return topLevelConstants(source)
    .filter(({ initializer }) => isFunctionValue(initializer))
    .map((node) => ({ node, message: `write ${node.name.getText()} as a function declaration` }));
}

export function isFunctionValue(node) {
  return ts.isArrowFunction(node) || ts.isFunctionExpression(node);
}

function lowerCaseData(source) {
  return dataConstants(source)
    .filter(({ name }) => name.text !== upperCase(name.text))
    .map((node) => ({
      node,
      message: `name the data constant ${node.name.text} ${upperCase(node.name.text)}`,
    }));
}

function literalSpreads(source) {
  const found = [];
  eachNode(source, (node) => {
    if (isLiteralSpread(node))
      found.push({ node, message: 'write the members of this literal without a spread' });
  });
  return found;
}

/** `...{ a, b }` in an object or in JSX, `...[a, b]` in an array or a call. */
export function isLiteralSpread(node) {
  if (ts.isSpreadAssignment(node) || ts.isJsxSpreadAttribute(node))
    return ts.isObjectLiteralExpression(node.expression);
  return ts.isSpreadElement(node) && ts.isArrayLiteralExpression(node.expression);
}
