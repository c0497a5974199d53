import { readFile } from 'node:fs/promises';
import { requireFile, modelDamaged } from '../onnx/model-probe.ts';

/**
 * Checks a `tokens.txt` (one `token id` a line, ids from 0 without a gap), because sherpa ends the process on a bad line and leaves words out
 * when lines are missing. @throws AppError `recognition.model-missing`, `recognition.model-damaged`
 */
export async function probeTokens(path: string, tokenCount: number): Promise<void> {
  await requireFile(path);
  const lines = (await readFile(path, 'utf8')).trimEnd().split('\n');
  if (lines.length < tokenCount) throw modelDamaged(path, `${lines.length} of ${tokenCount} tokens`);
  const bad = lines.findIndex((line, index) => !line.trimEnd().endsWith(` ${index}`));
  if (bad >= 0) throw modelDamaged(path, `line ${bad + 1} is not "token ${bad}"`);
}
