import type { McpServerDraft, McpServerView } from '../../../src-preload/contract/index.ts';

/** A server as its form has it: everything as text, one entry a line. */
export interface ServerForm {
  id: string | undefined;
  name: string;
  kind: 'stdio' | 'http';
  command: string;
  /** One argument a line, so that those with spaces need no quotes. */
  args: string;
  /** `NAME=value`, one a line. */
  env: string;
  url: string;
  /** `Name: value`, one a line. */
  headers: string;
}

export const NEW_SERVER: ServerForm = { id: undefined, name: '', kind: 'stdio', command: '', args: '', env: '', url: '', headers: '' };

export function formOf({ id, name, transport }: McpServerView): ServerForm {
  const form = { ...NEW_SERVER, id, name, kind: transport.kind };
  if (transport.kind === 'http') return { ...form, url: transport.url, headers: linesOf(transport.headers, ': ') };
  return { ...form, command: transport.command, args: transport.args.join('\n'), env: linesOf(transport.env, '=') };
}

/** undefined = something that is needed is missing yet. */
export function draftOf(form: ServerForm, enabled: boolean): McpServerDraft | undefined {
  const name = form.name.trim();
  const base = { ...(form.id === undefined ? {} : { id: form.id }), name, enabled };
  if (name === '') return undefined;
  if (form.kind === 'http') {
    if (!URL.canParse(form.url.trim())) return undefined;
    return { ...base, transport: { kind: 'http', url: form.url.trim(), headers: pairsOf(form.headers, ':') } };
  }
  if (form.command.trim() === '') return undefined;
  return {
    ...base,
    transport: {
      kind: 'stdio',
      command: form.command.trim(),
      args: form.args.split('\n').filter((line) => line !== ''),
      env: pairsOf(form.env, '='),
    },
  };
}

function linesOf(pairs: Readonly<Record<string, string>>, between: string): string {
  return Object.entries(pairs)
    .map(([name, value]) => `${name}${between}${value}`)
    .join('\n');
}

/** Lines without the sign between name and value are left out. */
function pairsOf(text: string, between: string): Record<string, string> {
  return Object.fromEntries(
    text
      .split('\n')
      .map((line) => [line, line.indexOf(between)] as const)
      .filter(([, at]) => at > 0)
      .map(([line, at]) => [line.slice(0, at).trim(), line.slice(at + 1).trim()]),
  );
}
