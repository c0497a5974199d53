import { describe, expect, it } from 'vitest';
import { describeViolation, findViolations, rules } from './rules.ts';
import { parseSource, readSourceFiles } from './source-files.ts';

/** One planted violation per rule, so that a rule which finds nothing any more is noticed. */
const planted: Record<string, Record<string, string>> = {
  'layers downwards': { 'src-main/base/clock.ts': `import { createNoticeBoard } from '../platform/notices/notice-board.ts';` },
  'module doors': { 'src-main/modules/agent/agent.ts': `import { x } from '../conversation/floor.ts';` },
  'product stands alone': { 'src-main/platform/notices/notice-board.ts': `import { x } from '../../../test/doubles/virtual-clock.ts';` },
  'electron only in *.electron.ts': {
    'src-main/modules/shell/tray.ts': `import { Tray } from 'electron';`,
    'src-main/modules/shell/menu.ts': `import { menu } from './menu.electron.ts';`,
  },
  'workers are entries': { 'src-main/platform/workers/supervisor.ts': `import '../../inference/llama/language.worker.ts';` },
  'renderer borders': {
    'src-renderer/app/app.tsx': `import { ok } from '../../src-main/base/result.ts';`,
    'src-renderer/app/files.ts': `import { readFile } from 'node:fs';`,
  },
  'preload borders': { 'src-preload/preload.ts': `import { z } from 'zod';` },
  'contract is pure': { 'src-preload/contract/calls.ts': `import { join } from 'node:path';` },
  'raw IPC has one user': { 'src-main/modules/shell/window.electron.ts': `import { ipcMain } from 'electron';` },
  'environment is read once': {
    'src-main/modules/agent/prompt.ts': `export const home = process.env['HOME'];`,
    'src-main/modules/agent/other.ts': `import { env } from 'node:process';`,
  },
  'named exports only': { 'src-main/base/ids.ts': `export default function createId() {}` },
  'file suffix': { 'src-main/base/MyUtils.ts': `export {};` },
  'file length': { 'src-main/base/long.ts': 'export {};\n'.repeat(501) },
  'function length': { 'src-main/base/deep.ts': `export function deep() {\n${'  void 0;\n'.repeat(80)}}` },
  'no cycles': {
    'src-main/base/one.ts': `import { two } from './two.ts';`,
    'src-main/base/two.ts': `import { one } from './one.ts';`,
  },
};

describe('the architecture', () => {
  const files = readSourceFiles();

  it('is read from all parts of the checkout', () => {
    for (const folder of ['src-main/base/', 'src-preload/contract/', 'src-renderer/', 'test/unit/', 'build/lib/'])
      expect(files.some((file) => file.path.startsWith(folder))).toBe(true);
  });

  it('is kept by every file', () => {
    expect(findViolations(files).map(describeViolation)).toEqual([]);
  });

  it('points every relative import at a file that exists', () => {
    const known = new Set(files.map((file) => file.path));
    const lost = files.flatMap((file) =>
      file.imports
        .filter(({ target }) => target !== undefined && /\.(?:ts|tsx|mjs)$/.test(target) && !known.has(target))
        .map(({ target }) => `${file.path} -> ${target}`),
    );
    expect(lost).toEqual([]);
  });
});

describe('rules', () => {
  it('have a planted violation each', () => {
    expect(Object.keys(planted).toSorted()).toEqual(rules.map((rule) => rule.name).toSorted());
  });

  for (const [name, sources] of Object.entries(planted)) {
    it(`find what breaks "${name}" and name the page`, () => {
      const files = Object.entries(sources).map(([path, text]) => parseSource(path, text));
      const found = findViolations(files).filter((violation) => violation.rule === name);
      const expected = name === 'no cycles' ? 1 : files.length;
      expect(found).toHaveLength(expected);
      for (const violation of found) expect(describeViolation(violation)).toContain('docs/house.md');
    });
  }

  it('leave alone what only looks like a violation', () => {
    const innocent = {
      'src-main/modules/agent/service.ts': `import type { Floor } from '../conversation/index.ts';\n// process.env and import('electron') in words`,
      'src-main/base/one.ts': `import type { Two } from './two.ts';\nexport interface One { two: Two }`,
      'src-main/base/two.ts': `import { one } from './one.ts';\nexport const two = one;`,
      'src-main/compose.ts': `import type { launcher } from './platform/workers/launcher.electron.ts';`,
      'src-preload/preload.ts': `import { contextBridge, ipcRenderer } from 'electron';\nimport { CALL_CHANNEL } from './contract/names.ts';`,
      'src-main/base/factory.ts': `export function createX() {\n${`  const f = () => {\n${'    void 0;\n'.repeat(30)}  };\n`.repeat(4)}}`,
    };
    const files = Object.entries(innocent).map(([path, text]) => parseSource(path, text));
    expect(findViolations(files).map(describeViolation)).toEqual([]);
  });
});
