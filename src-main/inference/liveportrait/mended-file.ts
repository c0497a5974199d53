import { mkdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { writeFileAtomically } from '../../base/atomic-file.ts';
import { hashFile } from '../models/file-digest.ts';
import { mendGridSamples, type Mending } from './mend-graph.ts';

/** Raised when mending changes, so that files of an earlier way are not used. */
const VERSION = 1;

/** Path of the graph as the GPU takes it: made once for each content of the file, which itself stays as it was verified. Throws as `mendGridSamples` does. */
export async function mendedFile(source: string, mending: Mending, cacheDirectory: string): Promise<string> {
  const folder = join(cacheDirectory, 'liveportrait');
  const path = join(folder, `${await hashFile(source)}-${mending}-${VERSION}.onnx`);
  // Written as a whole or not at all, so what is there is whole.
  if ((await stat(path).catch(() => undefined))?.isFile()) return path;
  const pieces = mendGridSamples(await readFile(source), mending);
  await mkdir(folder, { recursive: true });
  await writeFileAtomically(path, pieces);
  return path;
}
