/** A credential that was found. Offsets are UTF-16 units of the text given. */
export interface Finding {
  /** Name of the rule: `github-token`, `aws-access-key`, `entropy`, `known-secret`, `own-3` … */
  rule: string;
  start: number;
  end: number;
}

export interface Redacted {
  text: string;
  findings: readonly Finding[];
}

/** Takes credentials out of a text that comes in pieces: gives out only what can no longer be part of one. */
export interface RedactionStream {
  push(piece: string): string;
  /** The rest. */
  end(): string;
}

/**
 * Finds and takes out credentials by their value, also inside base64, URL and JSON escapes, and the owner's own stored secrets in any of these forms.
 * `[secret:RULE]` takes their place. Pure and synchronous; linear in the length of the text.
 */
export interface Redactor {
  redact(text: string): Redacted;
  /** Every string inside a plain value, keys of objects included. */
  redactValue<Value>(value: Value): Value;
  stream(): RedactionStream;
}
