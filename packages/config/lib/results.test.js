import { expect, test } from 'vitest';
import { add, closingLine, countReport, listFailures } from './results.js';

function file(status, ...tests) {
  return { status, assertionResults: tests.map((each) => ({ status: each })) };
}

test('counts every test of a report by how it ended', () => {
  const report = {
    success: false,
    testResults: [file('passed', 'passed', 'skipped', 'todo'), file('failed', 'failed', 'passed')],
  };
  expect(countReport(report)).toEqual({ passed: 2, failed: 1, skipped: 2 });
});

test('counts a file that could not be loaded as a failure', () => {
  const report = { success: false, testResults: [file('failed'), file('passed', 'passed')] };
  expect(countReport(report)).toEqual({ passed: 1, failed: 1, skipped: 0 });
});

test('counts an error outside any test as a failure', () => {
  const report = { success: false, testResults: [file('passed', 'passed')] };
  expect(countReport(report)).toEqual({ passed: 1, failed: 1, skipped: 0 });
});

test('closes with a line that names skipped tests only where there are any', () => {
  const counts = { passed: 2, failed: 0, skipped: 0 };
  expect(closingLine(counts)).toBe('2 passed, 0 failed');
  expect(closingLine(add(counts, { passed: 1, failed: 1, skipped: 3 }))).toBe(
    '3 passed, 1 failed, 3 skipped',
  );
});

test('lists each failure with its place and the first line of its message', () => {
  const failed = { status: 'failed', fullName: 'a b', failureMessages: ['Error: no\n    at x.ts:1'] };
  const report = {
    success: false,
    testResults: [
      {
        name: 'x.test.ts',
        status: 'failed',
        assertionResults: [failed, { status: 'passed', fullName: 'c' }],
      },
      { name: 'y.test.ts', status: 'failed', message: 'Error: cannot load\nmore', assertionResults: [] },
    ],
  };
  expect(listFailures(report)).toEqual(['x.test.ts > a b: Error: no', 'y.test.ts: Error: cannot load']);
});

test('says so where a run failed without a failed test, and nothing where it passed', () => {
  expect(listFailures({ success: false, testResults: [] })).toEqual(['an error outside any test: see above']);
  expect(listFailures({ success: true, testResults: [] })).toEqual([]);
});
