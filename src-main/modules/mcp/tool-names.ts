import { createHash } from 'node:crypto';

const MAX_NAME = 64;
const MAX_SERVER = 20;

/** The part of a tool's name that stands for its server; two servers must not have the same. */
export function serverSlug(serverName: string): string {
  return slug(serverName).slice(0, MAX_SERVER).replace(/_+$/, '') || 'server';
}

/**
 * Names for the model, `mcp_<server>_<tool>`, for all tools of one server: only what every back end takes (/^[a-z][a-z0-9_]{0,63}$/), and stable, for the
 * owner's decisions hang on them. Tools whose names come out the same (`get-sum`, `get_sum`) all get a piece of the hash of their own name, so that a
 * server cannot slip a new tool under the name of an agreed one.
 */
export function modelNames(serverName: string, toolNames: readonly string[]): Map<string, string> {
  const prefix = `mcp_${serverSlug(serverName)}_`;
  const plain = (tool: string): string => `${prefix}${slug(tool) || 'tool'}`;
  const uses = new Map<string, number>();
  for (const tool of toolNames) uses.set(plain(tool), (uses.get(plain(tool)) ?? 0) + 1);
  return new Map(
    toolNames.map((tool) => {
      const name = plain(tool);
      const isUnique = uses.get(name) === 1 && name.length <= MAX_NAME && slug(tool) !== '';
      return [tool, isUnique ? name : withHash(name, tool)];
    }),
  );
}

function withHash(name: string, tool: string): string {
  const hash = createHash('sha256').update(tool).digest('hex').slice(0, 8);
  return `${name.slice(0, MAX_NAME - hash.length - 1).replace(/_+$/, '')}_${hash}`;
}

function slug(text: string): string {
  return text
    .normalize('NFKD')
    .replaceAll(/\p{M}+/gu, '')
    .replaceAll(/([a-z\d])([A-Z])/g, '$1_$2')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '_')
    .replaceAll(/^_+|_+$/g, '');
}
