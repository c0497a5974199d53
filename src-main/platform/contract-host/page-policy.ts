/*
 * What our page may do, at both doors. Scripts come from our own files only; styles may be inline, because libraries set them from script and
 * a style cannot run anything. Sound is played from memory (blob), the picture of a character may be a data URL.
 */
const DIRECTIVES = {
  'default-src': "'none'",
  'script-src': "'self'",
  'style-src': "'self' 'unsafe-inline'",
  'font-src': "'self'",
  'img-src': "'self' data: blob:",
  'media-src': "'self' blob:",
  'connect-src': "'self'",
  'worker-src': "'self'",
  'manifest-src': "'self'",
  'base-uri': "'none'",
  'form-action': "'none'",
  'frame-ancestors': "'none'",
} as const;

/** Headers of every answer that our page or its files are sent with. `socketOrigin` = where a browser page may open its WebSockets. */
export function pageHeaders(socketOrigin?: string): Record<string, string> {
  const policy = Object.entries(DIRECTIVES).map(([name, value]) =>
    name === 'connect-src' && socketOrigin !== undefined ? `${name} ${value} ${socketOrigin}` : `${name} ${value}`,
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
