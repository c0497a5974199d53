import { compileRules, type CompiledRules } from './compiled-rules.ts';
import { knownTexts } from './known-secrets.ts';
import { parseOwnPatterns } from './own-patterns.ts';
import type { Finding, Redacted, RedactionStream, Redactor } from './redactor.ts';
import { rules } from './rules/index.ts';
import { Scan, type RankedFinding } from './scan.ts';
import { isSecretField } from './secret-fields.ts';

/** A redactor that learns: stored secrets and the owner's patterns come and go while the app runs. Streams that are open keep what they began with. */
export interface LearningRedactor extends Redactor {
  /** All that are stored now, by their value. Those shorter than 5 characters cannot be told from ordinary text and are left out. */
  setKnownSecrets(values: readonly string[]): void;
  /** The setting `privacy.redactionPatterns`: one regular expression a line. Lines that are refused are left out; their sentences come back. */
  setOwnPatterns(lines: string): readonly string[];
}

/** What was learned is compiled at the next use, once, however often it changed before. */
export function createRedactor(options: { knownSecrets?: readonly string[]; ownPatterns?: string } = {}): LearningRedactor {
  let known = options.knownSecrets ?? [];
  let own = parseOwnPatterns(options.ownPatterns ?? '').patterns;
  let compiled: CompiledRules | undefined;
  const current = (): CompiledRules => (compiled ??= compileRules(rules, knownTexts(known), own));

  const redact = (text: string): Redacted => {
    const scan = new Scan(current());
    scan.run(text);
    if (scan.findings.length === 0) return { text, findings: [] };
    const findings = merge(scan.findings);
    let clean = '';
    let from = 0;
    for (const finding of findings) {
      clean += text.slice(from, finding.start) + markOf(finding);
      from = finding.end;
    }
    return { text: clean + text.slice(from), findings };
  };

  return {
    redact,
    redactValue: (value) => redactValue(value, (text) => redact(text).text),
    stream: () => createStream(new Scan(current())),
    setKnownSecrets(values) {
      known = [...values];
      compiled = undefined;
    },
    setOwnPatterns(lines) {
      const { patterns, problems } = parseOwnPatterns(lines);
      own = patterns;
      compiled = undefined;
      return problems;
    },
  };
}

function markOf({ rule }: Finding): string {
  return `[secret:${rule}]`;
}

/** In order, and where two overlap, both as one under the name of the first. */
function merge(findings: readonly RankedFinding[]): Finding[] {
  const sorted = [...findings].sort((left, right) => left.start - right.start || right.end - left.end || left.rank - right.rank);
  const merged: Finding[] = [];
  for (const { rule, start, end } of sorted) {
    const finding = { rule, start, end };
    const last = merged.at(-1);
    if (last && finding.start < last.end) {
      if (finding.end > last.end) merged[merged.length - 1] = { ...last, end: finding.end };
    } else if (finding.end > finding.start) merged.push(finding);
  }
  return merged;
}

function createStream(scan: Scan): RedactionStream {
  let released = 0;
  const release = (limit: number): string => {
    let clean = '';
    let until = limit;
    for (const finding of merge(scan.findings)) {
      if (finding.end <= released) continue;
      if (finding.end > limit) {
        until = Math.min(limit, finding.start);
        break;
      }
      clean += scan.slice(released, finding.start) + markOf(finding);
      released = finding.end;
    }
    if (until > released) {
      clean += scan.slice(released, until);
      released = until;
    }
    const open = scan.findings.filter((finding) => finding.end > released);
    scan.findings.splice(0, scan.findings.length, ...open);
    scan.forget(released);
    return clean;
  };
  return {
    push(piece) {
      if (piece === '') return '';
      scan.push(piece);
      return release(scan.settled());
    },
    end() {
      scan.finish();
      return release(Infinity);
    },
  };
}

function redactValue<Value>(value: Value, clean: (text: string) => string): Value {
  const seen = new Map<object, unknown>();
  const walk = (item: unknown, field: string | undefined): unknown => {
    if (typeof item === 'string') return field !== undefined && isSecretField(field, item) ? '[secret:field]' : clean(item);
    if (typeof item !== 'object' || item === null) return item;
    const known = seen.get(item);
    if (known !== undefined) return known;
    if (Array.isArray(item)) {
      const copy: unknown[] = [];
      seen.set(item, copy);
      for (const entry of item) copy.push(walk(entry, field));
      return copy;
    }
    const prototype: unknown = Object.getPrototypeOf(item);
    if (prototype !== Object.prototype && prototype !== null) return item;
    const copy: Record<string, unknown> = {};
    seen.set(item, copy);
    for (const [key, entry] of Object.entries(item))
      Object.defineProperty(copy, clean(key), { value: walk(entry, key), enumerable: true, writable: true, configurable: true });
    return copy;
  };
  return walk(value, undefined) as Value;
}
