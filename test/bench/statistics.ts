/** One figure of a bench: its distribution, or a plain value. */
export interface Metric {
  unit: 'ms' | '%' | 'bytes' | 'per s' | 'MB per s' | 'count' | 'ratio' | 'bytes per turn';
  count: number;
  p50: number;
  p95: number;
  p99: number;
  min: number;
  max: number;
}

/** The result of a bench; `target` is what the issue asks, for the table. */
export interface BenchResult {
  bench: string;
  metrics: Record<string, Metric>;
  targets: Record<string, string>;
  notes: string[];
}

/** Distribution of samples; an empty list gives zeros with count 0, which the table shows as "-". */
export function distribution(unit: Metric['unit'], samples: readonly number[]): Metric {
  const sorted = samples.toSorted((left, right) => left - right);
  const at = (share: number): number => sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)] ?? 0;
  return { unit, count: sorted.length, p50: at(0.5), p95: at(0.95), p99: at(0.99), min: sorted[0] ?? 0, max: sorted.at(-1) ?? 0 };
}

/** A figure that was measured once over `count` events. */
export function single(unit: Metric['unit'], value: number, count: number): Metric {
  return { unit, count, p50: value, p95: value, p99: value, min: value, max: value };
}

/** Word error rate: edits of words ÷ words of the reference; case, punctuation and apostrophes do not count. */
export function wordErrors(reference: string, hypothesis: string): { errors: number; words: number } {
  const expected = normalise(reference);
  const heard = normalise(hypothesis);
  let previous = Array.from({ length: heard.length + 1 }, (_value, index) => index);
  for (const [row, word] of expected.entries()) {
    const next = [row + 1];
    for (let column = 1; column <= heard.length; column += 1) {
      const substitution = (previous[column - 1] ?? 0) + (word === heard[column - 1] ? 0 : 1);
      next.push(Math.min(substitution, (previous[column] ?? 0) + 1, (next[column - 1] ?? 0) + 1));
    }
    previous = next;
  }
  return { errors: previous.at(-1) ?? 0, words: expected.length };
}

function normalise(text: string): string[] {
  return (
    text
      .toLowerCase()
      .replaceAll(/['’]/g, '')
      .match(/[\p{L}\p{N}]+/gu) ?? []
  );
}

/** Slope of a least-squares line through (0, values[0]), (1, values[1]), …. */
export function slope(values: readonly number[]): number {
  const meanX = (values.length - 1) / 2;
  const meanY = values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
  let above = 0;
  let below = 0;
  for (const [index, value] of values.entries()) {
    above += (index - meanX) * (value - meanY);
    below += (index - meanX) ** 2;
  }
  return below === 0 ? 0 : above / below;
}
