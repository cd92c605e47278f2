import ts from 'typescript-5.9';

const PLAIN = new Set([
  ts.SyntaxKind.NumericLiteral,
  ts.SyntaxKind.BigIntLiteral,
  ts.SyntaxKind.StringLiteral,
  ts.SyntaxKind.NoSubstitutionTemplateLiteral,
  ts.SyntaxKind.TemplateExpression,
  ts.SyntaxKind.RegularExpressionLiteral,
  ts.SyntaxKind.TrueKeyword,
  ts.SyntaxKind.FalseKeyword,
]);

const ARITHMETIC = new Set([
  ts.SyntaxKind.PlusToken,
  ts.SyntaxKind.MinusToken,
  ts.SyntaxKind.AsteriskToken,
  ts.SyntaxKind.SlashToken,
  ts.SyntaxKind.PercentToken,
  ts.SyntaxKind.AsteriskAsteriskToken,
]);

const FALLBACKS = new Set([ts.SyntaxKind.QuestionQuestionToken, ts.SyntaxKind.BarBarToken]);

/** Functions whose result is a number, a string or a list of them. */
const DERIVING = new Set([
  'Number',
  'String',
  'BigInt',
  'dirname',
  'encodeURIComponent',
  'fileURLToPath',
  'join',
  'JSON.stringify',
  'Object.keys',
  'parseInt',
  'parseFloat',
  'resolve',
]);

const COLLECTIONS = new Set(['Set', 'Map', 'RegExp']);

/**
 * Every top-level `const` of a file that holds data: a number, a string, a RegExp, an array or object of
 * data, a Set or a Map. What is not clearly data (a schema, an instance, a call's result) is not listed.
 *
 * @param {ts.SourceFile} source
 * @returns {ts.VariableDeclaration[]}
 */
export function dataConstants(source) {
  const known = new Set();
  const found = [];
  for (const declaration of topLevelConstants(source)) {
    const { name, initializer } = declaration;
    if (!ts.isIdentifier(name) || isEmpty(initializer) || !isData(initializer, known)) continue;
    known.add(name.text);
    found.push(declaration);
  }
  return found;
}

/** Every initialized `const` declaration at the top level of a file. */
export function topLevelConstants(source) {
  return source.statements
    .filter((each) => ts.isVariableStatement(each) && each.declarationList.flags & ts.NodeFlags.Const)
    .flatMap((each) => each.declarationList.declarations)
    .filter((each) => each.initializer);
}

/** `graceMs` → `GRACE_MS` */
export function upperCase(name) {
  return name
    .replace(/([a-z\d])([A-Z])/g, '$1_$2')
    .replace(/([A-Z]+)([A-Z][a-z])/g, '$1_$2')
    .toUpperCase();
}

// What begins empty is filled later: a variable, not a constant.
function isEmpty(node) {
  const members = node.elements ?? node.properties ?? (ts.isNewExpression(node) ? node.arguments : undefined);
  return members?.length === 0;
}

function isData(node, known) {
  if (PLAIN.has(node.kind)) return true;
  if (isWrapper(node)) return isData(node.expression, known);
  if (ts.isPrefixUnaryExpression(node)) return isData(node.operand, known);
  if (ts.isBinaryExpression(node)) return isDataOperation(node, known);
  if (ts.isConditionalExpression(node)) return isData(node.whenTrue, known) && isData(node.whenFalse, known);
  if (ts.isArrayLiteralExpression(node)) return node.elements.every((each) => isDataElement(each, known));
  if (ts.isObjectLiteralExpression(node)) return node.properties.every((each) => isDataProperty(each, known));
  if (ts.isNewExpression(node)) return isDataCollection(node, known);
  if (ts.isCallExpression(node)) return isDerivation(node, known);
  return ts.isIdentifier(node) && isDataName(node.text, known);
}

function isWrapper(node) {
  return ts.isAsExpression(node) || ts.isSatisfiesExpression(node) || ts.isParenthesizedExpression(node);
}

// A name in capitals comes from a file that was checked too.
function isDataName(name, known) {
  return known.has(name) || /^[A-Z][A-Z\d]*(_[A-Z\d]+)*$/.test(name);
}

function isDataOperation({ operatorToken, right }, known) {
  if (ARITHMETIC.has(operatorToken.kind)) return true;
  return FALLBACKS.has(operatorToken.kind) && isData(right, known);
}

function isDataElement(node, known) {
  if (node.kind === ts.SyntaxKind.NullKeyword || node.getText() === 'undefined') return true;
  return isData(ts.isSpreadElement(node) ? node.expression : node, known);
}

function isDataProperty(node, known) {
  if (ts.isPropertyAssignment(node)) return isDataElement(node.initializer, known);
  if (ts.isSpreadAssignment(node)) return isData(node.expression, known);
  return ts.isShorthandPropertyAssignment(node) && isDataName(node.name.text, known);
}

function isDataCollection({ expression, arguments: given = [] }, known) {
  if (!COLLECTIONS.has(expression.getText())) return false;
  return given.every((each) => isDataElement(each, known));
}

function isDerivation({ expression, arguments: given }, known) {
  const name = expression.getText();
  if (DERIVING.has(name) || name.startsWith('Math.')) return true;
  if (name === 'Object.freeze') return given.every((each) => isData(each, known));
  if (!ts.isPropertyAccessExpression(expression)) return false;
  return TEXT_METHODS.has(expression.name.text) && isData(expression.expression, known);
}

const TEXT_METHODS = new Set(['join', 'repeat', 'slice', 'split', 'toLowerCase', 'toUpperCase', 'trim']);
