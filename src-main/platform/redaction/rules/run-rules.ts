/** Credentials without a keyword: known by the shape of a whole run of letters, digits, `-` and `_`. Tried at the end of each run, with 64 characters before it. */
export interface RunRule {
  name: string;
  minChars: number;
  maxChars: number;
  /** Must end with the run. */
  pattern: RegExp;
}

export const runRules: readonly RunRule[] = [
  // The id of the account in base64, a time, a signature; the dots end runs, so the last one is looked at.
  { name: 'discord-token', minChars: 26, maxChars: 40, pattern: /(?<![\w-])[MNO][\w-]{22,27}\.[\w-]{6}\.[\w-]{26,40}$/ },
  { name: 'mailgun-key', minChars: 50, maxChars: 50, pattern: /(?<![A-Za-z0-9])[0-9a-f]{32}-[0-9a-f]{8}-[0-9a-f]{8}$/ },
];
