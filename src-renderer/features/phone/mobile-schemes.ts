import type { CallResult } from '../../../src-preload/contract/index.ts';

export const MOBILE_SCHEMES = ['sip', 'wave'] as const;
/** sip: an address with password, as RFC 3261 §19.1.1 writes it, which most apps read · wave: the account file of Grandstream Wave. */
export type MobileScheme = (typeof MOBILE_SCHEMES)[number];

/** What the picture says. */
export function mobileSetUp(scheme: MobileScheme, { server, port, user, password, mobile }: CallResult<'phone.addMobile'>): string {
  if (scheme === 'sip') return `sip:${encodeURIComponent(user)}:${encodeURIComponent(password)}@${hostOf(server)}:${port};transport=udp`;
  const fields: [string, string][] = [
    ['RegisterServer', `${hostOf(server)}:${port}`],
    ['UserID', user],
    ['AuthID', user],
    ['AuthPass', password],
    ['AccountName', mobile.name],
    ['DisplayName', mobile.name],
  ];
  const account = fields.map(([name, value]) => `<${name}>${escaped(value)}</${name}>`).join('');
  return `<?xml version="1.0" encoding="utf-8"?><AccountConfig version="1"><Account>${account}</Account></AccountConfig>`;
}

function hostOf(server: string): string {
  return server.includes(':') && !server.startsWith('[') ? `[${server}]` : server;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
