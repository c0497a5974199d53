import { z } from 'zod';
import { toErrorData } from '../../../base/errors.ts';
import type { Config } from '../../../platform/config/index.ts';
import { defineTool } from '../define-tool.ts';
import { planWords } from '../plan-words.ts';
import { parseHosts } from '../host-rules.ts';
import { allowedHosts } from '../tools-config.ts';
import { toolError } from '../tools-errors.ts';
import type { Tool } from '../tools.ts';
import { htmlToText } from './html-text.ts';
import { getPage, parseUrl, requireAllowed, type WebReach } from './web-page.ts';

/** Fills `{{secret:NAME}}` from the vault; refuses for a host that the secret is not for. */
export type ResolveSecrets = (template: string, options: { host: string }) => string | Promise<string>;

export interface HttpGetDependencies {
  config: Pick<Config, 'get'>;
  resolveSecrets?: ResolveSecrets | undefined;
  /** For tests: names and addresses. */
  reach?: Omit<WebReach, 'hosts'>;
}

const SECRET = /\{\{\s*secret:/;
const headerName = z.string().regex(/^[A-Za-z][A-Za-z0-9-]{0,60}$/);
/** Set by ourselves, or able to change where the request goes. */
const OWN_HEADERS = new Set([
  'host',
  'connection',
  'content-length',
  'transfer-encoding',
  'upgrade',
  'accept-encoding',
  'proxy-authorization',
  'te',
  'trailer',
  'expect',
]);

export function createHttpGetTool({ config, resolveSecrets, reach = {} }: HttpGetDependencies): Tool {
  const hosts = (): string[] => parseHosts(config.get(allowedHosts));
  return defineTool({
    name: 'http_get',
    title: 'Load a web page',
    description: 'Loads a page or JSON from an address whose host the owner has allowed, as text.',
    keywords: ['web', 'internet', 'url', 'download', 'fetch', 'page', 'seite', 'laden', 'abrufen', 'netz'],
    isCommon: false,
    input: z.object({
      url: z.string().trim().min(1).max(2_000),
      headers: z.record(headerName, z.string().max(2_000)).default({}).describe('A secret of the vault goes in as {{secret:NAME}}'),
    }),
    rights: ['network'],
    risk: 'low',
    cost: 8,
    timeoutMs: 20_000,
    async plan({ url: address, headers }) {
      const url = parseUrl(address);
      const details = [
        { name: 'address', text: url.href },
        { name: 'network', text: url.host },
      ];
      const sent = sentHeaders(headers);
      if (sent.length > 0) details.push({ name: 'headers', text: sent.map(([name, value]) => `${name}: ${shownValue(value)}`).join('\n') });
      const base = {
        ...planWords('load-page', { address: url.href }),
        details,
        sandboxed: false,
        rights: ['network'] as const,
        rememberKey: undefined,
      };
      try {
        requireAllowed(url, { hosts: hosts() });
        requireSafeSecrets(url, sent);
      } catch (error) {
        return { ...base, verdict: 'deny', reasons: [toErrorData(error)] };
      }
      return { ...base, verdict: 'allow', reasons: [] };
    },
    async run({ url: address, headers }, { signal }) {
      const url = parseUrl(address);
      const filled: Record<string, string> = {};
      const sent = sentHeaders(headers);
      requireSafeSecrets(url, sent);
      for (const [name, value] of sent) {
        if (SECRET.test(value) && !resolveSecrets) throw toolError('tools.no-secret');
        filled[name] = SECRET.test(value) && resolveSecrets ? await resolveSecrets(value, { host: url.hostname }) : value;
      }
      const answer = await getPage(url.href, filled, { ...reach, hosts: hosts() }, signal);
      const text = textOf(answer.contentType, answer.body);
      return { text: `${answer.status} ${answer.url}\n${text}`, outside: true };
    },
  });
}

const sentHeaders = (headers: Readonly<Record<string, string>>): [string, string][] =>
  Object.entries(headers).filter(([name, value]) => !OWN_HEADERS.has(name.toLowerCase()) && !/[\r\n\0]/.test(value));

/** The owner sees which secret goes out, never its value. */
const shownValue = (value: string): string => value.replaceAll(/\{\{\s*secret:\s*([^{}]*?)\s*\}\}/g, '{secret:$1}');

/** Throws `tools.secret-needs-tls`. */
function requireSafeSecrets(url: URL, headers: readonly [string, string][]): void {
  const isSafe = url.protocol === 'https:' || /^(?:(?:[\w-]+\.)*localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(url.hostname);
  if (!isSafe && headers.some(([, value]) => SECRET.test(value))) throw toolError('tools.secret-needs-tls', { host: url.hostname });
}

function textOf(contentType: string, body: Buffer): string {
  const [, charset = 'utf-8'] = /charset=["']?([\w-]+)/i.exec(contentType) ?? [];
  const isText = contentType === '' || /^(?:text\/|application\/(?:[\w.+-]*(?:json|xml)|javascript))/i.test(contentType);
  if (!isText) return `(not text: ${contentType.slice(0, 80)}, ${body.length} bytes)`;
  const text = decoderFor(charset).decode(body);
  return /html/i.test(contentType) ? htmlToText(text) : text;
}

function decoderFor(charset: string): TextDecoder {
  try {
    return new TextDecoder(charset);
  } catch {
    return new TextDecoder();
  }
}
