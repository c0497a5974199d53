import { AppError } from '../../base/errors.ts';

/** `api.example.org`, `*.example.org` (its subdomains), `127.0.0.1`, `[::1]`, each with or without a port. */
const HOST =
  /^(?:\*\.)?(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)(?:\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)*(?::\d{1,5})?$|^\[[0-9a-f:.]{2,45}\](?::\d{1,5})?$/;

/** Lower case, each once. Throws `vault.bad-host`. A star alone, or before a whole top-level domain, would mean everybody. */
export function checkedHosts(hosts: readonly string[]): string[] {
  const clean = hosts.map((host) => host.trim().toLowerCase()).filter((host) => host !== '');
  for (const host of clean) {
    if (!HOST.test(host) || (host.startsWith('*.') && host.split('.').length < 3))
      throw new AppError(
        'vault.bad-host',
        `"${host.slice(0, 80)}" is no host. Write it like api.example.org, *.example.org or 127.0.0.1:8080.`,
        {
          details: { host: host.slice(0, 80) },
        },
      );
  }
  return [...new Set(clean)];
}

/** `host` as `URL.host` or `URL.hostname` gives it. An entry without a port allows every port. */
export function isHostAllowed(allowed: readonly string[], host: string): boolean {
  const asked = splitPort(host.toLowerCase().replace(/\.$/, ''));
  return allowed.some((entry) => {
    const rule = splitPort(entry);
    if (rule.port !== undefined && rule.port !== asked.port) return false;
    return rule.name.startsWith('*.')
      ? asked.name.endsWith(rule.name.slice(1)) && asked.name.length > rule.name.length - 1
      : asked.name === rule.name;
  });
}

function splitPort(host: string): { name: string; port: string | undefined } {
  const match = /^(.*?)(?::(\d{1,5}))?$/.exec(host.startsWith('[') || host.split(':').length <= 2 ? host : `[${host}]`);
  return { name: match?.[1] ?? host, port: match?.[2] };
}
