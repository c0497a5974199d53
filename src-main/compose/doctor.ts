import { access, constants, statfs } from 'node:fs/promises';
import { toErrorData } from '../base/errors.ts';
import type { ModelsService } from '../inference/models/index.ts';
import type { NoticeBoard } from '../platform/notices/index.ts';
import type { Metrics } from '../platform/observability/index.ts';
import type { HistoryStore } from '../platform/store/index.ts';
import type { CallResult } from '../../src-preload/contract/index.ts';

type Finding = CallResult<'doctor.run'>[number];

/** Less free space than this and the history may soon not be written. */
const LOW_DISK_BYTES = 500 * 1024 * 1024;

/** What the running app can find out about itself; `npm run doctor` looks at the installation as well. */
export function createDoctor(deps: {
  models: Pick<ModelsService, 'recognitionModels' | 'synthesisModels' | 'languageModel'>;
  store: Pick<HistoryStore, 'problem'>;
  notices: Pick<NoticeBoard, 'snapshot'>;
  metrics: Pick<Metrics, 'snapshot'>;
  dataDirectory: string;
}): () => Promise<Finding[]> {
  return async () => [
    await check('hearing', async () => void (await deps.models.recognitionModels()), 'The models for listening are there and unchanged.'),
    await check('voice', async () => void (await deps.models.synthesisModels()), 'The voices are there and unchanged.'),
    await check('language', async () => void (await deps.models.languageModel()), 'The language model is there and unchanged.'),
    await check('data folder', () => access(deps.dataDirectory, constants.R_OK | constants.W_OK), 'The data folder can be written.'),
    historyFinding(deps.store),
    await diskFinding(deps.dataDirectory),
    ...numbersFindings(deps.metrics),
    ...deps.notices
      .snapshot()
      .parts.filter(({ status }) => status === 'broken' || status === 'missing')
      .map(({ part, message }) => ({
        part,
        ok: false,
        summary: message ?? `${part} does not work.`,
      })),
  ];
}

async function check(part: string, look: () => Promise<void>, well: string): Promise<Finding> {
  try {
    await look();
    return { part, ok: true, summary: well };
  } catch (error) {
    return { part, ok: false, summary: toErrorData(error).message, repair: 'npm run setup' };
  }
}

function historyFinding(store: Pick<HistoryStore, 'problem'>): Finding {
  const problem = store.problem();
  return problem ? { part: 'history', ok: false, summary: problem.message } : { part: 'history', ok: true, summary: 'The history opens.' };
}

async function diskFinding(dataDirectory: string): Promise<Finding> {
  const { bavail, bsize } = await statfs(dataDirectory);
  const free = bavail * bsize;
  const summary = `${(free / 1e9).toFixed(1)} GB are free.`;
  return free > LOW_DISK_BYTES
    ? { part: 'disk', ok: true, summary }
    : { part: 'disk', ok: false, summary, repair: 'Free some space: the history needs room.' };
}

/** What was measured since the start, for whoever wonders whether it is slow or restless; nothing before the first answer. */
function numbersFindings(metrics: Pick<Metrics, 'snapshot'>): Finding[] {
  const { counters, timings } = metrics.snapshot();
  const times = Object.entries(timings).map(([name, { p50, p95 }]) => `${name} ${Math.round(p50)} ms (p95 ${Math.round(p95)})`);
  const counts = Object.entries(counters).map(([name, count]) => `${name} ${count}`);
  const numbers = [...times, ...counts];
  return numbers.length === 0 ? [] : [{ part: 'numbers', ok: true, summary: `Since the start: ${numbers.join(', ')}.` }];
}
