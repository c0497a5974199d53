import { AppError } from '../../base/errors.ts';

/**
 * What may stand in a log line. The rule is a list of what is allowed, because a list of what is forbidden is never complete:
 * numbers, booleans and null pass under any name; strings pass only under the names below, which hold ids, codes and states and never
 * anyone's words; errors pass as code, scrubbed message and stack. Everything else is left out, and its name is put under `left_out`.
 */
const STRING_FIELDS = new Set(
  [
    'part worker module topic event method state status phase ailment code kind action door trigger effect tool',
    'clientId sessionId conversationId messageId speechId utteranceId turnId portId noticeId jobId keyId',
    'modelId model engine backend voice language locale medium mode role subject key name shortcut',
    'version platform arch runtime gpu protection signal host file directory entry channel metric',
  ].flatMap((line) => line.split(' ')),
);

const MAX_STRING_CHARS = 200;
const MAX_LIST_ITEMS = 20;
const MAX_CAUSES = 3;

export type LogFields = Record<string, unknown>;

/**
 * The fields that may be written, cleaned; see the rule above. `withLibraryOutput` also lets pass what native libraries print (field `line`):
 * nobody can say what stands in there, so it is only for the log level debug, which the owner chooses.
 */
export function redactFields(fields: Readonly<Record<string, unknown>>, withLibraryOutput = false): LogFields {
  const kept: LogFields = {};
  const leftOut: string[] = [];
  for (const [name, value] of Object.entries(fields)) {
    if (value === undefined || RESERVED_FIELDS.has(name)) continue;
    const clean = name === 'line' && withLibraryOutput ? scrubForeign(String(value)) : cleanValue(name, value);
    if (clean === undefined) leftOut.push(scrubText(name, 40));
    else kept[scrubText(name, 60)] = clean;
  }
  if (leftOut.length > 0) kept['left_out'] = leftOut.slice(0, MAX_LIST_ITEMS);
  return kept;
}

/** Names that the log line itself uses. */
const RESERVED_FIELDS = new Set(['level', 'time', 'message', 'left_out']);

function cleanValue(name: string, value: unknown): unknown {
  if (value === null || typeof value === 'number' || typeof value === 'boolean') return value;
  if (value instanceof Error) return redactError(value);
  if (name === 'error') return isErrorData(value) ? { code: scrubText(value.code, 60), message: scrubOwn(value.message) } : undefined;
  if (!STRING_FIELDS.has(name)) return undefined;
  if (typeof value === 'string') return scrubText(value);
  if (Array.isArray(value) && value.every((item) => typeof item === 'string' || typeof item === 'number')) {
    return value.slice(0, MAX_LIST_ITEMS).map((item) => (typeof item === 'string' ? scrubText(item) : item));
  }
  return undefined;
}

function isErrorData(value: unknown): value is { code: string; message: string } {
  return (
    typeof value === 'object' &&
    value !== null &&
    'code' in value &&
    typeof value.code === 'string' &&
    'message' in value &&
    typeof value.message === 'string'
  );
}

export interface RedactedError {
  name: string;
  code?: string;
  message: string;
  /** Where it happened: frames only, because the head of a stack repeats the message. */
  stack?: string[];
  cause?: RedactedError;
}

/**
 * An error without anyone's words. Our own sentences (AppError) stay, except quotations with a space in them; of foreign errors every
 * quotation goes, because parsers like to quote the text they stumbled over.
 */
export function redactError(error: Error, causesLeft = MAX_CAUSES): RedactedError {
  const code = 'code' in error && typeof error.code === 'string' ? scrubText(error.code, 60) : undefined;
  const message = error instanceof AppError ? scrubOwn(error.message) : scrubForeign(error.message);
  const frames = (error.stack ?? '')
    .split('\n')
    .filter((line) => /^\s+at /.test(line))
    .slice(0, 8)
    .map((line) => scrubText(line.trim()));
  return {
    name: scrubText(error.name, 60),
    ...(code === undefined ? {} : { code }),
    message,
    ...(frames.length > 0 ? { stack: frames } : {}),
    ...(error.cause instanceof Error && causesLeft > 0 ? { cause: redactError(error.cause, causesLeft - 1) } : {}),
  };
}

function scrubOwn(sentence: string): string {
  return scrubText(
    sentence.replace(QUOTED, (quotation) => (/\s/.test(quotation) ? '[…]' : quotation)),
    400,
  );
}

function scrubForeign(text: string): string {
  return scrubText(text.replace(QUOTED, '[…]'), 400);
}

const QUOTED = /"[^"]*"?|“[^”]*”?|„[^“”]*[“”]?|`[^`]*`?|(?<![\p{L}\d])'[^']*'?/gu;

/** Shapes of keys, tokens and passwords, wherever they turn up. `[secret]` takes their place. */
const SECRET_SHAPES: readonly RegExp[] = [
  // A private key in PEM, cut off or whole.
  /-----BEGIN[\s\S]*?(?:-----END[^-]*-----|$)/g,
  // Vendors' prefixes: OpenAI, Anthropic, Hugging Face, GitHub, GitLab, Slack, AWS, Google, npm, Stripe, Telegram.
  /\b(?:sk|pk|rk)[-_][\w-]{8,}/gi,
  /\b(?:hf|gh[pousr]|github_pat|glpat|xox[abeoprs]|npm|ya29|AIza)[-_.]?[\w-]{10,}/gi,
  /\b(?:AKIA|ASIA)[A-Z0-9]{12,}/g,
  /\b\d{6,12}:[\w-]{30,}/g,
  // A JSON web token.
  /\beyJ[\w-]{6,}(?:\.[\w-]*){1,4}/g,
  // Authorization headers, and "password = x", "api-key: x", "token=x" in text, headers, JSON and query strings.
  /\b(?:bearer|basic|digest)\s+[\w.~+/=-]{6,}/gi,
  /\b[\w-]*(?:password|passwd|passphrase|passwort|secret|token|api[-_ ]?key|apikey|auth(?:orization)?|credential|session[-_ ]?key)["']?\s*[:=]\s*(?:"[^"]*"?|'[^']*'?|[^\s"',;&}]+)/gi,
  // All of a cookie header, to the end of the line.
  /\b[\w-]*cookie["']?\s*[:=]\s*[^\r\n]+/gi,
  // User and password in an address.
  /\/\/[^\s/@:]+:[^\s/@]+@/g,
];

/** As in the names of backups. */
const TIMESTAMP = /\d{8}T\d{6,9}Z/;

/** Long runs without a space; {@link looksRandom} tells keys and hashes from ids, words and paths. */
const LONG_RUN = /[\w+/%=-]{28,}/g;

function looksRandom(wholeRun: string): boolean {
  const run = wholeRun.replace(TIMESTAMP, '');
  const letters = run.replace(/[^\p{L}]/gu, '');
  const digitCount = run.replace(/\D/g, '').length;
  const isMixed = letters !== letters.toLowerCase() && letters !== letters.toUpperCase();
  const isPath = run.includes('/') && run.split('/').every((part) => part.length < 24);
  if (isMixed && digitCount > 0 && !isPath) return true;
  return run.split(/[/_=+%-]/).some((part) => part.length >= 32 && /\d/.test(part));
}

/** Takes out what looks like a key or token, and bounds the length. Control characters become spaces, so that one event stays one line. */
export function scrubText(text: string, maxChars = MAX_STRING_CHARS): string {
  // Bounded before the patterns run as well: a page of text must not cost milliseconds. The slack keeps a secret at the edge whole enough to be seen.
  let clean = text.slice(0, maxChars * 4);
  for (const shape of SECRET_SHAPES) clean = clean.replace(shape, '[secret]');
  clean = clean.replace(LONG_RUN, (run) => (looksRandom(run) ? '[secret]' : run));
  // eslint-disable-next-line no-control-regex
  clean = clean.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g, ' ');
  return clean.length > maxChars ? `${clean.slice(0, maxChars - 1)}…` : clean;
}
