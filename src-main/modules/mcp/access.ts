import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Clock } from '../../base/clock.ts';
import { createId } from '../../base/ids.ts';
import type { McpAccess } from '../../../src-preload/contract/index.ts';
import type { McpProgram } from './mcp.ts';
import { noAccess, tooMany } from './mcp-errors.ts';
import type { McpFile, SavedAccess } from './mcp-file.ts';

const MAX_PROGRAMS = 32;
/** The time of the last use is for the owner's eyes; a write per request would wear the disk. */
const USE_NOTED_EVERY_MS = 60_000;

/** Programs that may ask the assistant, each by a token of its own. */
export interface AccessList {
  list(): McpAccess[];
  /** The token is told this once. */
  create(input: { name: string; mayReadMessages: boolean }): Promise<{ access: McpAccess; token: string }>;
  revoke(id: string): Promise<void>;
  /** Who bears this token; undefined = nobody. */
  identify(token: string): McpProgram | undefined;
}

export function createAccessList({ file, clock }: { file: McpFile; clock: Clock }): AccessList {
  return {
    list: () => file.content().access.map(view),
    async create({ name, mayReadMessages }) {
      if (file.content().access.length >= MAX_PROGRAMS) throw tooMany(MAX_PROGRAMS);
      const token = `ocm_${randomBytes(32).toString('base64url')}`;
      const access: SavedAccess = {
        id: createId('program'),
        name,
        hash: hashOf(token),
        mayReadMessages,
        createdAtMs: clock.wallMs(),
        lastUsedAtMs: null,
      };
      await file.change((content) => ({ ...content, access: [...content.access, access] }));
      return { access: view(access), token };
    },
    async revoke(id) {
      if (!file.content().access.some((access) => access.id === id)) throw noAccess();
      await file.change((content) => ({ ...content, access: content.access.filter((access) => access.id !== id) }));
    },
    identify(token) {
      const hash = hashOf(token);
      const found = file.content().access.find((access) => isSame(access.hash, hash));
      if (found === undefined) return undefined;
      noteUse(file, found, clock.wallMs());
      return { id: found.id, name: found.name, mayReadMessages: found.mayReadMessages };
    },
  };
}

function noteUse(file: McpFile, { id, lastUsedAtMs }: SavedAccess, nowMs: number): void {
  if (lastUsedAtMs !== null && Math.abs(nowMs - lastUsedAtMs) < USE_NOTED_EVERY_MS) return;
  const edit = (access: SavedAccess): SavedAccess => (access.id === id ? { ...access, lastUsedAtMs: nowMs } : access);
  // A full disk is no reason to turn a program away.
  file.change((content) => ({ ...content, access: content.access.map(edit) })).catch(() => undefined);
}

function view({ id, name, createdAtMs, lastUsedAtMs, mayReadMessages }: SavedAccess): McpAccess {
  return { id, name, createdAtMs, lastUsedAtMs, mayReadMessages };
}

function hashOf(token: string): string {
  return createHash('sha256').update(token).digest('base64url');
}

function isSame(left: string, right: string): boolean {
  const [a, b] = [Buffer.from(left), Buffer.from(right)];
  return a.length === b.length && timingSafeEqual(a, b);
}
