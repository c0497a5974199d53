import { createHash } from 'node:crypto';
import { z } from 'zod';
import { formatBytes } from './format-bytes.ts';
import { plainPlan } from './plain-plan.ts';
import { defineTool } from '../define-tool.ts';
import { planWords } from '../plan-words.ts';
import { oneLine } from '../tool-text.ts';
import { toolError } from '../tools-errors.ts';
import type { Tool, ToolPlan } from '../tools.ts';
import type { Workspace, WorkspaceEntry } from '../workspace.ts';

const MAX_READ_BYTES = 2 * 1024 * 1024;
const MAX_WRITE_CHARS = 200_000;
/** Former content that is kept for taking a write back. */
const MAX_KEPT_BYTES = 1024 * 1024;
const MAX_LISTED = 300;
const path = z.string().trim().min(1).max(1_000).describe('Path inside the workspace, such as notes/shopping.md');

/** Files of the workspace: read, write, list, search. */
export function createFileTools(workspace: Workspace): Tool[] {
  return [readFile(workspace), writeFile(workspace), listFolder(workspace), searchFiles(workspace)];
}

function readFile(workspace: Workspace): Tool {
  return defineTool({
    name: 'read_file',
    title: 'Read a file',
    description: 'Reads a text file of the workspace. Use it for notes and documents that the owner names.',
    keywords: ['open', 'show', 'note', 'document', 'datei', 'lesen', 'notiz', 'öffnen', 'zeigen'],
    isCommon: true,
    input: z.object({ path, fromLine: z.number().int().min(1).optional(), lines: z.number().int().min(1).max(2_000).optional() }),
    rights: ['read-files'],
    risk: 'none',
    cost: 3,
    timeoutMs: 10_000,
    async plan(input) {
      const shown = await findByName(workspace, await workspace.pathOf(input.path));
      return plainPlan(planWords('read-file', { file: shown }), ['read-files'], { details: [{ name: 'file', text: shown }] });
    },
    async run(input) {
      const found = await findByName(workspace, await workspace.pathOf(input.path));
      const text = decodeText(await workspace.read(found, MAX_READ_BYTES), found);
      if (input.fromLine === undefined && input.lines === undefined) return { text, outside: true };
      const from = (input.fromLine ?? 1) - 1;
      return {
        text: text
          .split('\n')
          .slice(from, from + (input.lines ?? 200))
          .join('\n'),
        outside: true,
      };
    },
  });
}

function writeFile(workspace: Workspace): Tool {
  return defineTool({
    name: 'write_file',
    title: 'Write a file',
    description: 'Writes a text file of the workspace, replaces it, or adds to its end. The owner can take it back.',
    keywords: ['save', 'note', 'create', 'append', 'schreiben', 'speichern', 'notieren', 'anlegen', 'datei'],
    isCommon: true,
    input: z.object({
      path,
      content: z.string().max(MAX_WRITE_CHARS),
      mode: z.enum(['create', 'replace', 'append']).default('create').describe('create fails when the file exists'),
    }),
    rights: ['write-files'],
    risk: 'low',
    cost: 8,
    timeoutMs: 10_000,
    // Half a note is worse than a note.
    stopsOnBargeIn: false,
    async plan(input) {
      const shown = await workspace.pathOf(input.path);
      const code = ({ create: 'write-file', replace: 'replace-file', append: 'append-file' } as const)[input.mode];
      const details = [
        { name: 'file', text: shown },
        { name: 'content', text: input.content },
      ];
      return plainPlan(planWords(code, { file: shown, sizeBytes: Buffer.byteLength(input.content) }), ['write-files'], { details });
    },
    async run(input, { signal }) {
      const former = input.mode === 'append' ? await readOrNothing(workspace, input.path) : '';
      const joint = former === '' || former.endsWith('\n') ? '' : '\n';
      const content = Buffer.from(input.mode === 'append' ? `${former}${joint}${input.content}` : input.content);
      const before = await workspace.write(input.path, content, { mayReplace: input.mode !== 'create', keepBytes: MAX_KEPT_BYTES, signal });
      const written = digest(content);
      return {
        text: `Written: ${await workspace.pathOf(input.path)} (${formatBytes(content.length)})`,
        outside: false,
        async undo(stop) {
          const now = await workspace.read(input.path, MAX_READ_BYTES).catch(() => undefined);
          if (now === undefined || digest(now) !== written) throw toolError('tools.undo-changed');
          stop.throwIfAborted();
          if (before === undefined) await workspace.remove(input.path);
          else await workspace.write(input.path, before, { mayReplace: true, keepBytes: MAX_READ_BYTES, signal: stop });
        },
      };
    },
  });
}

function listFolder(workspace: Workspace): Tool {
  return defineTool({
    name: 'list_folder',
    title: 'List a folder',
    description: 'Lists what is in a folder of the workspace, with sizes. "." is the workspace itself.',
    keywords: ['files', 'folder', 'directory', 'notes', 'ordner', 'verzeichnis', 'dateien', 'notizen'],
    isCommon: true,
    input: z.object({ path: path.default('.') }),
    rights: ['read-files'],
    risk: 'none',
    cost: 2,
    timeoutMs: 10_000,
    async plan(input) {
      const shown = await workspace.pathOf(input.path);
      const words = shown === '.' ? planWords('list-workspace') : planWords('list-folder', { folder: shown });
      return plainPlan(words, ['read-files'], { details: [folderDetail(shown)] });
    },
    async run(input) {
      const { entries, left } = await workspace.list(input.path, MAX_LISTED);
      const lines = entries.map((entry) =>
        entry.kind === 'folder' ? `${entry.name}/` : `${entry.name} (${formatBytes(entry.sizeBytes)})`,
      );
      if (left > 0) lines.push(`… and ${left} more`);
      return { text: lines.length === 0 ? '(empty)' : lines.join('\n'), outside: true };
    },
  });
}

function folderDetail(shown: string): ToolPlan['details'][number] {
  return { name: 'folder', text: shown, ...(shown === '.' ? { code: 'workspace' } : {}) };
}

const MAX_NAME_FOLDERS = 60;
const SEARCH_LIMITS = { folders: 500, files: 4_000, depth: 10, fileBytes: 512 * 1024, hits: 40 } as const;

function searchFiles(workspace: Workspace): Tool {
  return defineTool({
    name: 'search_files',
    title: 'Search files',
    description: 'Finds files of the workspace by words in their names or texts, and shows the lines.',
    keywords: ['find', 'grep', 'where', 'suchen', 'finden', 'wo', 'datei', 'text'],
    isCommon: false,
    input: z.object({ words: z.string().trim().min(1).max(200), path: path.default('.') }),
    rights: ['read-files'],
    risk: 'none',
    cost: 6,
    timeoutMs: 20_000,
    async plan(input) {
      const shown = await workspace.pathOf(input.path);
      const words = oneLine(input.words, 80);
      const said = shown === '.' ? planWords('search-workspace', { words }) : planWords('search-folder', { words, folder: shown });
      return plainPlan(said, ['read-files'], { details: [folderDetail(shown), { name: 'words', text: input.words }] });
    },
    async run(input, { signal }) {
      const wanted = input.words.toLowerCase();
      const hits: string[] = [];
      let fileCount = 0;
      const queue: { path: string; depth: number }[] = [{ path: input.path, depth: 0 }];
      for (let index = 0; index < queue.length && index < SEARCH_LIMITS.folders; index += 1) {
        const folder = queue[index];
        if (!folder) break;
        const { entries } = await workspace.list(folder.path, SEARCH_LIMITS.files).catch((error: unknown) => {
          if (folder.depth === 0) throw error;
          return { entries: [] as WorkspaceEntry[] };
        });
        for (const entry of entries) {
          signal.throwIfAborted();
          if (hits.length >= SEARCH_LIMITS.hits || fileCount >= SEARCH_LIMITS.files)
            return { text: [...hits, '… and more'].join('\n'), outside: true };
          if (entry.kind === 'folder' && folder.depth < SEARCH_LIMITS.depth) queue.push({ path: entry.path, depth: folder.depth + 1 });
          if (entry.kind !== 'file') continue;
          fileCount += 1;
          hits.push(...(await hitsIn(workspace, entry, wanted)));
        }
      }
      return { text: hits.length === 0 ? 'Nothing was found.' : hits.slice(0, SEARCH_LIMITS.hits).join('\n'), outside: true };
    },
  });
}

/** The path itself when it is there; else the one file whose name is meant: "shopping list" is `notes/Shopping list.md`. */
async function findByName(workspace: Workspace, said: string): Promise<string> {
  const wanted = said.toLowerCase();
  const matches: string[] = [];
  const folders = ['.'];
  for (let index = 0; index < folders.length && index < MAX_NAME_FOLDERS; index += 1) {
    const { entries } = await workspace.list(folders[index] ?? '.', SEARCH_LIMITS.files).catch(() => ({ entries: [] as WorkspaceEntry[] }));
    for (const { kind, path: found, name } of entries) {
      if (kind === 'folder') folders.push(found);
      if (found === said) return said;
      const isMeant = [found, name, name.replace(/\.[^.]+$/, '')].some((each) => each.toLowerCase() === wanted);
      if (kind === 'file' && isMeant) matches.push(found);
    }
  }
  return matches.length === 1 ? (matches[0] ?? said) : said;
}

async function hitsIn(workspace: Workspace, entry: WorkspaceEntry, wanted: string): Promise<string[]> {
  const named = entry.name.toLowerCase().includes(wanted) ? [entry.path] : [];
  if (entry.sizeBytes > SEARCH_LIMITS.fileBytes) return named;
  const bytes = await workspace.read(entry.path, SEARCH_LIMITS.fileBytes).catch(() => undefined);
  if (!bytes || isBinary(bytes)) return named;
  const lines = bytes.toString('utf8').split('\n');
  const inText = lines.flatMap((line, index) =>
    line.toLowerCase().includes(wanted) ? [`${entry.path}:${index + 1}: ${oneLine(line)}`] : [],
  );
  return inText.length > 0 ? inText.slice(0, 5) : named;
}

async function readOrNothing(workspace: Workspace, file: string): Promise<string> {
  try {
    return decodeText(await workspace.read(file, MAX_READ_BYTES), file);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'tools.no-file') return '';
    throw error;
  }
}

function decodeText(bytes: Buffer, shown: string): string {
  if (isBinary(bytes)) throw toolError('tools.binary-file', { path: shown });
  return bytes.toString('utf8').replace(/^\ufeff/, '');
}

/** A NUL byte, or much that is no text: not worth a model's attention, and not fit to be shown. */
function isBinary(bytes: Buffer): boolean {
  const sample = bytes.subarray(0, 8_192);
  if (sample.includes(0)) return true;
  let odd = 0;
  for (const byte of sample) if (byte < 9 || (byte > 13 && byte < 32 && byte !== 27)) odd += 1;
  return odd > sample.length / 20;
}

function digest(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}
