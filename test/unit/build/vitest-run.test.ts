import { describe, expect, it } from 'vitest';
import { addCounts, countsLine, noTests, readReport } from '../../../build/lib/vitest-run.mjs';

const file = (name: string, status: string, tests: [string, string][]) => ({
  name: `/root/test/${name}`,
  status,
  assertionResults: tests.map(([fullName, result]) => ({ fullName, status: result })),
});
const read = (testResults: unknown[], exitCode: number) => readReport(JSON.stringify({ testResults }), exitCode, 'unit', '/root');

describe('readReport', () => {
  it('counts what passed, failed and was skipped, by name', () => {
    const tests: [string, string][] = [
      ['a', 'passed'],
      ['b', 'failed'],
      ['c', 'skipped'],
      ['d', 'pending'],
      ['e', 'todo'],
    ];
    expect(read([file('x.test.ts', 'failed', tests)], 1)).toEqual({
      passed: 1,
      failed: 1,
      skipped: 3,
      failedNames: ['test/x.test.ts: b'],
      skippedNames: ['test/x.test.ts: c', 'test/x.test.ts: d', 'test/x.test.ts: e'],
    });
  });

  it('says why something failed, each time that it was tried, without colours and stack', () => {
    const failureMessages = [
      '\u001b[31mError: no white\u001b[39m\nin the answer\n    at run (/root/node_modules/x.js:1:1)\n    at /root/test/x.test.ts:7:1',
      'Error: gone',
    ];
    const failed = { ...file('x.test.ts', 'failed', []), assertionResults: [{ fullName: 'a', status: 'failed', failureMessages }] };
    expect(read([failed], 1).failedNames).toEqual([
      'test/x.test.ts: a\n    Error: no white\n    in the answer\n    at /root/test/x.test.ts:7:1\n    Error: gone',
    ]);
  });

  it('counts a file that could not be loaded as a failure', () => {
    expect(read([file('x.test.ts', 'failed', []), file('y.test.ts', 'passed', [['a', 'passed']])], 1)).toMatchObject({
      passed: 1,
      failed: 1,
      failedNames: ['test/x.test.ts: the file itself'],
    });
  });

  it.each([
    ['died without a report', ''],
    ['left half a report', '{"testResults":[{'],
  ])('counts a runner that %s as a failure', (_what, json) => {
    expect(readReport(json, 137, 'e2e', '/root')).toMatchObject({
      passed: 0,
      failed: 1,
      failedNames: ['e2e: the test runner ended with code 137'],
    });
  });

  it('counts an error outside of any test as a failure', () => {
    expect(read([file('x.test.ts', 'passed', [['a', 'passed']])], 1)).toMatchObject({ passed: 1, failed: 1 });
  });
});

describe('countsLine', () => {
  it('is the sum of all runs', () => {
    const one = read([file('x.test.ts', 'passed', [['a', 'passed']])], 0);
    const two = read(
      [
        file('y.test.ts', 'passed', [
          ['b', 'passed'],
          ['c', 'skipped'],
        ]),
      ],
      0,
    );
    expect(countsLine(addCounts([noTests(), one, two]))).toBe('2 passed, 0 failed, 1 skipped');
  });
});
