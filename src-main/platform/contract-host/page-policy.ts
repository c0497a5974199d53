/*
 * What our page may do, at both doors: everything comes from our own files, scripts and styles too; small pictures may be data URLs. The assistant's
 * voice reaches the loudspeaker through an AudioContext and needs no media source; recordings of calls are played from an address of ours. Where the browser
 * has no encoder for AAC, clips are recorded with one in WebAssembly, which brings its worker along as a blob: a blob can only be made by our own scripts, and
 * such a worker is bound by this same policy.
 */
const DIRECTIVES = {
  'default-src': "'none'",
  'script-src': "'self' 'wasm-unsafe-eval'",
  'style-src': "'self'",
  'font-src': "'self'",
  'img-src': "'self' data:",
  'media-src': "'self'",
  'connect-src': "'self'",
  'worker-src': "'self' blob:",
  'base-uri': "'none'",
  'form-action': "'none'",
  'frame-ancestors': "'none'",
} as const;

/** Where the window's page finds the telephone exchange: its port is chosen at each start, and the shell guards which one it is, to the letter. A page in a browser goes there through our own door. */
export const EXCHANGE_SOCKETS = 'ws://127.0.0.1:*';

/** An address of the exchange that a page may have: on this machine, for its sound comes from here too. Undefined = none. */
export function exchangeAddress(url: string | undefined): URL | undefined {
  if (url === undefined || !URL.canParse(url)) return undefined;
  const address = new URL(url);
  return address.protocol === 'ws:' && address.hostname === '127.0.0.1' ? address : undefined;
}

/** Headers of every answer that our page or its files are sent with. `socketOrigins` = where the page may open WebSockets, as in a policy. */
export function pageHeaders(socketOrigins?: string): Record<string, string> {
  const policy = Object.entries(DIRECTIVES).map(([name, value]) =>
    name === 'connect-src' && socketOrigins !== undefined ? `${name} ${value} ${socketOrigins}` : `${name} ${value}`,
  );
  return {
    'content-security-policy': policy.join('; '),
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'permissions-policy':
      'microphone=(self), speaker-selection=(self), camera=(), geolocation=(), display-capture=(), usb=(), serial=(), hid=()',
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
  };
}
