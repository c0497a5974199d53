import { isIP } from 'node:net';

const LABEL = /^(?!-)[a-z0-9-]{1,63}(?<!-)$/;
const MAX_NAME = 253;
const MAX_PORT = 65_535;
/** Where nobody says a port: the web and nothing else, no mail, no shells, no databases. */
const WEB_PORTS = new Set([80, 443]);

/** A host name as it is compared: lower case, ASCII, without the final dot; undefined = it is none. Addresses are no names. */
export function normalHost(text: string): string | undefined {
  let host: string;
  try {
    host = new URL(`http://${text}`).hostname;
  } catch {
    return undefined;
  }
  // The parser takes much more than a name (user, port, path, 0x7f.1): what it made of it must be what was written.
  const written = text.toLowerCase().replace(/\.$/, '');
  host = host.replace(/\.$/, '');
  if (/[^a-z0-9.-]/.test(written) ? /[\s/:@?#%\\]/.test(written) : host !== written) return undefined;
  if (host.length > MAX_NAME || isIP(host) !== 0) return undefined;
  const labels = host.split('.');
  return labels.length >= 2 && labels.every((label) => LABEL.test(label)) ? host : undefined;
}

/**
 * What the owner may allow: a name, or `*.` and a name of two labels at least, either with `:port`. As it is compared; undefined = not acceptable.
 */
export function normalRule(rule: string): string | undefined {
  const [, name = '', port] = /^(.*?)(?::(\d{1,5}))?$/s.exec(rule.trim()) ?? [];
  const isWide = name.startsWith('*.');
  const host = normalHost(isWide ? name.slice(2) : name);
  if (host === undefined || (port !== undefined && (Number(port) < 1 || Number(port) > MAX_PORT))) return undefined;
  return `${isWide ? '*.' : ''}${host}${port === undefined ? '' : `:${Number(port)}`}`;
}

/** The rules of a list, one a line or with commas between them; what is no rule is left out. */
export function parseHosts(text: string): string[] {
  return [...new Set(text.split(/[\n,;]+/).map(normalRule))].filter((rule) => rule !== undefined);
}

/**
 * Whether one of the rules allows this host at this port. `*.example.org` covers subdomains, not example.org itself; a rule without a port covers those of
 * the web.
 */
export function isHostAllowed(host: string, port: number, rules: readonly string[]): boolean {
  const name = normalHost(host);
  if (name === undefined) return false;
  return rules.some((each) => {
    const [pattern = '', rulePort] = normalRule(each)?.split(':') ?? [];
    if (rulePort === undefined ? !WEB_PORTS.has(port) : Number(rulePort) !== port) return false;
    return pattern.startsWith('*.') ? name.endsWith(pattern.slice(1)) && name.length > pattern.length - 1 : name === pattern;
  });
}
