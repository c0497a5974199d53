import { mkdir, readdir, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { portraitAnalysisSchema, type PortraitAnalysis } from '../../../src-preload/contract/index.ts';
import { writeFileAtomically } from '../../base/atomic-file.ts';
import { ANALYSIS_VERSION } from './analysis-version.ts';

/** About 20 kB each. Older ones go first. */
const MOST_FILES = 64;

/** Results of looks at pictures, by the SHA-256 of the file, on disk. Pictures themselves are not kept. */
export interface AnalysisCache {
  /** null when it is not there, from another version, or not readable. */
  read(hash: string): Promise<PortraitAnalysis | null>;
  /** Rejects when it cannot be written; the result is then only computed again next time. */
  write(analysis: PortraitAnalysis): Promise<void>;
}

export function createAnalysisCache(folder: string): AnalysisCache {
  const fileOf = (hash: string): string => join(folder, `${hash}.json`);
  return {
    async read(hash) {
      const content = await readFile(fileOf(hash), 'utf8').catch(() => undefined);
      if (content === undefined) return null;
      const found = portraitAnalysisSchema.safeParse(parseJson(content));
      return found.success && found.data.version === ANALYSIS_VERSION && found.data.hash === hash ? found.data : null;
    },
    async write(analysis) {
      await mkdir(folder, { recursive: true });
      await writeFileAtomically(fileOf(analysis.hash), JSON.stringify(analysis));
      await prune(folder);
    },
  };
}

function parseJson(content: string): unknown {
  try {
    return JSON.parse(content);
  } catch {
    return undefined;
  }
}

async function prune(folder: string): Promise<void> {
  const names = await readdir(folder);
  if (names.length <= MOST_FILES) return;
  const files = await Promise.all(
    names.map(async (name) => {
      const path = join(folder, name);
      return { path, changedMs: (await stat(path)).mtimeMs };
    }),
  );
  const oldest = files.toSorted((left, right) => left.changedMs - right.changedMs).slice(0, files.length - MOST_FILES);
  for (const { path } of oldest) await rm(path, { force: true });
}
