import { createRedactor } from '../../src-main/platform/redaction/index.ts';
import { harmlessTokens } from './harmless-tokens.ts';
import { encodings, plantedKinds, plantSecrets } from './planted-secrets.ts';
import { distribution, single, type BenchResult, type Metric } from './statistics.ts';

const HARMLESS = 120_000;

/**
 * How many of freshly made credentials are found in each encoding, how many harmless tokens are taken for one, how fast it is. A secret counts as found when no twelve
 * characters in a row of it, as it is or encoded, are left. `rounds` samples of every kind.
 */
export function runRedactBench(rounds: number): BenchResult {
  const redactor = createRedactor({ knownSecrets: ['a-stored-secret-of-the-owner'] });
  const metrics: Record<string, Metric> = {};
  const targets: Record<string, string> = {};
  const missed = new Map<string, number>();
  let allFound = 0;
  let all = 0;
  for (const [name, encode] of Object.entries(encodings)) {
    let found = 0;
    let count = 0;
    for (let round = 0; round < rounds; round += 1) {
      for (const { kind, text, secret } of plantSecrets()) {
        const clean = redactor.redact(`Here it is: ${encode(text)} as you asked.`).text;
        const isFound =
          !leaks(clean, secret) && (name === 'plain' || !leaks(clean, coreOf(encode(secret)), encode(secret).length / secret.length));
        count += 1;
        if (isFound) found += 1;
        else missed.set(`${kind}, ${name}`, (missed.get(`${kind}, ${name}`) ?? 0) + 1);
      }
    }
    const key = `found_${name.replaceAll(/\W+/g, '_')}`;
    metrics[key] = single('%', (found / count) * 100, count);
    targets[key] = '≥ 99';
    allFound += found;
    all += count;
  }
  metrics['found_in_all'] = single('%', (allFound / all) * 100, all);
  targets['found_in_all'] = '≥ 99';

  const tokens = harmlessTokens(HARMLESS);
  const wrong = tokens.filter((token) => redactor.redact(token).findings.length > 0);
  metrics['false_positives'] = single('%', (wrong.length / tokens.length) * 100, tokens.length);
  targets['false_positives'] = '≤ 0.1';
  Object.assign(metrics, speeds(redactor, tokens));
  targets['text_megabytes'] = targets['whole_stream_megabytes'] = '≥ 20';

  const notes = [
    `${plantedKinds} kinds of credential.`,
    ...[...missed]
      .toSorted((left, right) => right[1] - left[1])
      .slice(0, 12)
      .map(([what, count]) => `Missed: ${what} (${count} of ${rounds})`),
    ...wrong.slice(0, 5).map((token) => `Wrongly taken: ${token.slice(0, 120)} -> ${redactor.redact(token).text.slice(0, 120)}`),
  ];
  return { bench: 'redact', metrics, targets, notes };
}

/** What of an encoded form does not depend on its neighbours. */
function coreOf(encoded: string): string {
  return encoded.slice(2, -4);
}

/** A little of a secret helps nobody; twelve characters in a row of it do (as many times longer as the encoding makes it). Its prefix is no secret. */
function leaks(clean: string, secret: string, stretch = 1): boolean {
  const window = Math.ceil(12 * stretch);
  if (secret.length < window) return secret.length >= window / 2 && clean.includes(secret);
  for (let start = Math.min(8, secret.length - window); start + window <= secret.length; start += 4)
    if (clean.includes(secret.slice(start, start + window))) return true;
  return false;
}

function speeds(redactor: ReturnType<typeof createRedactor>, tokens: readonly string[]): Record<string, Metric> {
  const log = Array.from(
    { length: 40_000 },
    (_value, index) =>
      `{"level":"info","time":"2026-11-30T00:00:${index % 60}.000Z","message":"tool.end","tool":"read_file","durationMs":${index},"file":"/home/me/notes/plan-${index}.md"}`,
  ).join('\n');
  const prose = 'It was a bright cold day in April, and the clocks were striking thirteen; nobody asked why. '.repeat(60_000);
  const mixed = tokens.join('\n');
  const whole = (text: string): void => void redactor.redact(text);
  const streamed = (text: string): void => {
    const stream = redactor.stream();
    for (let start = 0; start < text.length; start += 16_384) stream.push(text.slice(start, start + 16_384));
    stream.end();
  };
  return {
    text_megabytes: measure(prose, whole),
    log_megabytes: measure(log, whole),
    harmless_megabytes: measure(mixed, whole),
    whole_stream_megabytes: measure(log, streamed),
  };
}

/** Megabytes per second of processor time: other work on the machine does not count. */
function measure(text: string, work: (text: string) => void): Metric {
  const samples: number[] = [];
  for (let round = 0; round < 5; round += 1) {
    const before = process.cpuUsage();
    work(text);
    const { user, system } = process.cpuUsage(before);
    samples.push(Buffer.byteLength(text) / (user + system));
  }
  return distribution('MB per s', samples);
}
