/**
 * @typedef {{ passed: number, failed: number, skipped: number }} Counts
 */

/** @type {Counts} */
export const NOTHING = { passed: 0, failed: 0, skipped: 0 };

/**
 * @param {Counts} a
 * @param {Counts} b
 * @returns {Counts}
 */
export function add(a, b) {
  return {
    passed: a.passed + b.passed,
    failed: a.failed + b.failed,
    skipped: a.skipped + b.skipped,
  };
}

/**
 * Counts the tests of one vitest JSON report.
 *
 * A file that cannot be loaded has no tests, and an error outside any test fails only the run. Each counts as
 * one failure.
 *
 * @param {{ success: boolean, testResults: { status: string, assertionResults: { status: string }[] }[] }} report
 * @returns {Counts}
 */
export function countReport(report) {
  const total = report.testResults.map(countFile).reduce(add, NOTHING);
  return !report.success && total.failed === 0 ? { ...total, failed: 1 } : total;
}

function countFile({ status, assertionResults }) {
  const count = (wanted) => assertionResults.filter((test) => test.status === wanted).length;
  const passed = count('passed');
  const failed = count('failed');
  const skipped = assertionResults.length - passed - failed;
  return { passed, failed: status === 'failed' && failed === 0 ? 1 : failed, skipped };
}

/**
 * Lists the failures of one vitest JSON report: each with its place and the first line of its message.
 *
 * @param {{ success: boolean, testResults: { name: string, status: string, message?: string, assertionResults: { status: string, fullName: string, failureMessages?: string[] }[] }[] }} report
 * @returns {string[]}
 */
export function listFailures(report) {
  const failures = report.testResults.flatMap(listFileFailures);
  return !report.success && failures.length === 0 ? ['an error outside any test: see above'] : failures;
}

function listFileFailures({ name, status, message, assertionResults }) {
  const failed = assertionResults.filter((test) => test.status === 'failed');
  if (status === 'failed' && failed.length === 0) return [`${name}: ${firstLine(message)}`];
  return failed.map((test) => `${name} > ${test.fullName}: ${firstLine(test.failureMessages?.[0])}`);
}

function firstLine(text = '') {
  return text.trimStart().split('\n', 1)[0];
}

/**
 * The closing line: `12 passed, 0 failed`, and `, 1 skipped` if there are any.
 *
 * @param {Counts} counts
 */
export function closingLine({ passed, failed, skipped }) {
  const line = `${passed} passed, ${failed} failed`;
  return skipped > 0 ? `${line}, ${skipped} skipped` : line;
}
