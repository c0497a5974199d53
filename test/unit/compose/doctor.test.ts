import { describe, expect, it } from 'vitest';
import { createDoctor } from '../../../src-main/compose/doctor.ts';
import { createNoticeBoard } from '../../../src-main/platform/notices/index.ts';
import { createMetrics } from '../../../src-main/platform/observability/index.ts';
import { temporaryFolder } from '../../doubles/temporary-folder.ts';

const missing = () => Promise.reject(new Error('not here'));

async function setUp() {
  const metrics = createMetrics();
  const run = createDoctor({
    models: { recognitionModels: missing, synthesisModels: missing, languageModel: missing },
    store: { problem: () => undefined },
    notices: createNoticeBoard({ tell: () => undefined }),
    metrics,
    dataDirectory: await temporaryFolder(),
  });
  const numbers = async () => (await run()).filter(({ part }) => part === 'numbers');
  return { metrics, run, numbers };
}

describe('createDoctor', () => {
  it('says of each part whether it works, and what mends it', async () => {
    const findings = await (await setUp()).run();
    expect(findings.map(({ part, ok }) => [part, ok])).toEqual([
      ['hearing', false],
      ['voice', false],
      ['language', false],
      ['data folder', true],
      ['history', true],
      ['disk', expect.any(Boolean)],
    ]);
    expect(findings[0]).toEqual({ part: 'hearing', ok: false, summary: 'not here', repair: 'npm run setup' });
  });

  it('shows what was measured since the start, once there is something', async () => {
    const { metrics, numbers } = await setUp();
    expect(await numbers()).toEqual([]);
    for (const ms of [410.4, 500, 900]) metrics.observeMs('e2e_latency', ms);
    metrics.count('interruptions', 2);
    const summary = 'Since the start: e2e_latency 500 ms (p95 900), interruptions 2.';
    expect(await numbers()).toEqual([{ part: 'numbers', ok: true, summary }]);
  });
});
