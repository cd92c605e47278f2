import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import ts from 'typescript-5.9';
import { parseSource } from './source.js';

/**
 * What the entry points of a package lack: JSDoc on an exported name, or an `@example` on any of them.
 *
 * @param {{ dir: string, manifest: { exports?: Record<string, string | Record<string, string>> } }} package_
 * @returns {{ source: ts.SourceFile, node: ts.Node, message: string }[]}
 */
export function checkEntryPoints({ dir, manifest }) {
  return Object.entries(manifest.exports ?? {}).flatMap(([entry, target]) => {
    const path = join(dir, target['@latchkey/source'] ?? '');
    return /\.tsx?$/.test(path) ? checkEntryPoint(entry, parseSource(path)) : [];
  });
}

function checkEntryPoint(entry, source) {
  const names = exportedDeclarations(source);
  const undocumented = names
    .filter(({ node }) => ts.getJSDocCommentsAndTags(node).length === 0)
    .map(({ name, source, node }) => ({
      source,
      node,
      message: `${name} is exported by ${entry} and has no JSDoc`,
    }));
  if (names.length === 0 || names.some(({ node }) => hasExample(node))) return undocumented;
  return [
    ...undocumented,
    { source, node: source.statements[0], message: `no export of ${entry} has an @example` },
  ];
}

function hasExample(node) {
  return ts.getJSDocTags(node).some(({ tagName }) => tagName.text === 'example');
}

/** Every name that a file exports, with the declaration it leads to inside the package. */
function exportedDeclarations(source) {
  return source.statements.flatMap((statement) => {
    if (ts.isExportDeclaration(statement)) return reexported(source, statement);
    if (!isExported(statement)) return [];
    return namesOf(statement).map((name) => ({ name, source, node: statement }));
  });
}

function reexported(source, { exportClause, moduleSpecifier }) {
  const from = moduleSpecifier && sourceOf(source, moduleSpecifier.text);
  if (moduleSpecifier && !from) return [];
  if (!exportClause) return exportedDeclarations(from);
  if (!ts.isNamedExports(exportClause)) return [];
  return exportClause.elements.flatMap(({ name, propertyName }) => {
    const found = declarationOf(from ?? source, (propertyName ?? name).text);
    return found ? [{ ...found, name: name.text }] : [];
  });
}

/** Where a name of a file is declared: in it, or in the file it is imported from or exported again from. */
function declarationOf(source, name) {
  const own = source.statements.find((each) => namesOf(each).includes(name));
  if (own) return { source, node: own };
  for (const statement of source.statements) {
    const specifier = statement.moduleSpecifier;
    const bindings = statement.exportClause ?? statement.importClause?.namedBindings;
    const element = bindings?.elements?.find((each) => each.name.text === name);
    const from = specifier && (element || isExportAll(statement)) && sourceOf(source, specifier.text);
    const found = from && declarationOf(from, (element?.propertyName ?? element?.name)?.text ?? name);
    if (found) return found;
  }
  return undefined;
}

function isExportAll(statement) {
  return ts.isExportDeclaration(statement) && !statement.exportClause;
}

function sourceOf(source, specifier) {
  if (!specifier.startsWith('.')) return undefined;
  const path = join(dirname(source.fileName), specifier.replace(/\.js$/, ''));
  const file = [`${path}.ts`, `${path}.tsx`].find(existsSync);
  return file && parseSource(file);
}

function isExported(statement) {
  return (
    ts.canHaveModifiers(statement) &&
    ts.getModifiers(statement)?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword)
  );
}

function namesOf(statement) {
  if (ts.isVariableStatement(statement))
    return statement.declarationList.declarations.flatMap(({ name }) => boundNames(name));
  const isDeclaration = ts.isDeclarationStatement(statement) && !ts.isExportDeclaration(statement);
  return isDeclaration && statement.name ? [statement.name.text] : [];
}

function boundNames(name) {
  return ts.isIdentifier(name) ? [name.text] : name.elements.flatMap((each) => boundNames(each.name));
}
