// @ts-check
import { formatBytes, formatDuration, formatEstimate } from './format.mjs';

/**
 * How far a step is. Bytes are shown with speed and time left, items as a count.
 * @typedef {{ done: number, total: number, unit: 'bytes' | 'items', note?: string }} ProgressUpdate
 * @typedef {(update: ProgressUpdate) => void} Progress
 */

/**
 * What a step would have to do.
 * @typedef {{ bytes: number, seconds: number }} Todo
 *   bytes: to be fetched; seconds: work apart from that, on two cores.
 */

/** Assumed before anything was measured; the plan names it. */
const ASSUMED_BYTES_PER_SECOND = 8e6;
const PLAIN_INTERVAL_MS = 5_000;
const TERMINAL_INTERVAL_MS = 100;

/**
 * Tells a person what set-up does: on a terminal one line that moves, elsewhere plain lines at intervals.
 * @param {{ stream?: { write(text: string): unknown, isTTY?: boolean, columns?: number }, nowMs?: () => number }} [options]
 */
export function createReport({ stream = process.stderr, nowMs = () => performance.now() } = {}) {
  const terminal = stream.isTTY === true;
  let count = 0;
  let index = 0;

  const line = (/** @type {string} */ text) => stream.write(`${terminal ? '\r\x1b[K' : ''}${text}\n`);

  return {
    line,

    /** @param {readonly { title: string, todo: Todo }[]} steps */
    plan(steps) {
      count = steps.length;
      const bytes = steps.reduce((sum, { todo }) => sum + todo.bytes, 0);
      const seconds = steps.reduce((sum, { todo }) => sum + todo.seconds, 0) + bytes / ASSUMED_BYTES_PER_SECOND;
      line(
        `OpenClaw Desktop sets itself up: ${count} ${count === 1 ? 'step' : 'steps'}, ${bytes > 0 ? `${formatBytes(bytes)} to fetch, ` : ''}` +
          `${formatEstimate(seconds)}${bytes > 0 ? ` at ${formatBytes(ASSUMED_BYTES_PER_SECOND)}/s` : ''}.`,
      );
      for (const [at, { title, todo }] of steps.entries())
        line(
          `  ${at + 1}. ${title}${todo.bytes > 0 ? ` (${formatBytes(todo.bytes)})` : ''}, ${formatEstimate(todo.seconds + todo.bytes / ASSUMED_BYTES_PER_SECOND)}`,
        );
    },

    /**
     * Starts a step; end it with `done` or `failed`. What was not in the plan is not counted.
     * @param {string} title
     * @param {boolean} planned
     */
    step(title, planned) {
      if (planned) index += 1;
      const prefix = `[${planned ? `${index}/${count}` : '+'}] ${title}`;
      const startedMs = nowMs();
      const rate = createRate(nowMs);
      let shownMs = Number.NEGATIVE_INFINITY;
      if (!terminal) line(prefix);
      else stream.write(`\r\x1b[K${prefix}`);
      return {
        /** @type {Progress} */
        progress(update) {
          rate.add(update);
          if (nowMs() - shownMs < (terminal ? TERMINAL_INTERVAL_MS : PLAIN_INTERVAL_MS)) return;
          shownMs = nowMs();
          const text = `${prefix}: ${progressText(update, rate.perSecond())}`;
          if (terminal) stream.write(`\r\x1b[K${text.slice(0, (stream.columns ?? 80) - 1)}`);
          else line(text);
        },
        /** @param {string} [detail] */
        done(detail) {
          line(`${prefix}: done in ${formatDuration((nowMs() - startedMs) / 1000)}${detail ? ` (${detail})` : ''}`);
        },
        /** @param {string} sentence */
        failed(sentence) {
          line(`${prefix}: not done. ${sentence}`);
        },
      };
    },
  };
}

/** @typedef {ReturnType<typeof createReport>} Report */

/** @param {ProgressUpdate} update @param {number} perSecond */
export function progressText({ done, total, unit, note }, perSecond) {
  const known = Number.isFinite(total) && total > 0;
  const head = note ? `${note}, ` : '';
  if (unit === 'items') return `${head}${done}${known ? ` of ${total}` : ''}`;
  const amount = known ? `${formatBytes(done)} of ${formatBytes(total)} (${Math.floor((done / total) * 100)} %)` : formatBytes(done);
  const speed = perSecond > 0 ? `, ${formatBytes(Math.round(perSecond))}/s` : '';
  const left = perSecond > 0 && known && done < total ? `, ${formatDuration((total - done) / perSecond)} left` : '';
  return `${head}${amount}${speed}${left}`;
}

/** Speed over the last seconds, starting anew when the count falls (another file, another phase). @param {() => number} nowMs */
function createRate(nowMs) {
  /** @type {{ atMs: number, done: number }[]} */
  let samples = [];
  return {
    /** @param {ProgressUpdate} update */
    add({ done }) {
      const last = samples.at(-1);
      if (last && done < last.done) samples = [];
      samples.push({ atMs: nowMs(), done });
      while (samples.length > 2 && nowMs() - (samples[0]?.atMs ?? 0) > 5_000) samples.shift();
    },
    perSecond() {
      const first = samples[0];
      const last = samples.at(-1);
      if (!first || !last || last.atMs - first.atMs < 250) return 0;
      return ((last.done - first.done) / (last.atMs - first.atMs)) * 1000;
    },
  };
}
