import { readFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { en } from '../../src-renderer/i18n/en.ts';
import { openSpokenHome, type SpokenApp } from '../e2e/spoken-app.ts';
import { inQuietRoom } from '../e2e/spoken-voice.ts';
import { lastAudible, type Clip } from './audio.ts';
import { createClipMaker } from './clips.ts';
import { frameRates } from './frame-times.ts';
import { longAnswerRequests, questions } from './sentences.ts';
import { distribution, single, type BenchResult } from './statistics.ts';
import { askInWindow } from './window-bench.ts';

declare const window: Window & { faceFramesAtMs: number[] };

/** What the shipped characters ask for. */
const FRAMES_PER_SECOND = 25;
const PERIOD_MS = 1000 / FRAMES_PER_SECOND;
/** Two draw calls further apart belong to two pictures. */
const CALLS_OF_A_FRAME_MS = 8;
const SETTLE_MS = 12_000;
const IDLE_MS = 20_000;
const LONGEST_ANSWER_MS = 25_000;
const CLOCK_TICKS_PER_SECOND = 100;

/**
 * The face in the real window (the stage alone, 1280x720) while the assistant really answers, seen from outside: the times of the canvas's draw calls.
 * Then the processor time of all the app's processes while nobody speaks.
 */
export async function measureStage(rounds = 4): Promise<Omit<BenchResult, 'bench'>> {
  const requests = await speakAll(longAnswerRequests.slice(0, rounds));
  const notes: string[] = [];
  const home = await openSpokenHome();
  try {
    const app = await home.start();
    await app.electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.setContentSize(1280, 720));
    await app.set('talk.sounds', 'never');
    await app.button(en.firstRun.start).last().click();
    await app.waitForState(en.stage.state.readyHandsFree.title);
    await app.page.locator('canvas[data-drawn="true"]').waitFor({ timeout: 60_000 });
    await watchDrawing(app);
    const size = await app.page
      .locator('canvas[data-drawn="true"]')
      .evaluate((canvas: HTMLCanvasElement) => `${canvas.width}x${canvas.height}`);
    notes.push(`the face's canvas is ${size} pixels`);
    const perSecond: number[] = [];
    let wanted = 0;
    let dropped = 0;
    for (const request of requests) {
      const rates = await speakingRates(app, request);
      if (rates === undefined) {
        notes.push(`no answer to "${request.text}"`);
        continue;
      }
      perSecond.push(...rates.perSecond);
      wanted += rates.wanted;
      dropped += rates.dropped;
    }
    await delay(SETTLE_MS);
    const idle = await processorShares(app, IDLE_MS);
    return {
      metrics: {
        // The slow end is what people see: p95 of this metric's table is the 5th percentile of the rate.
        fps_p5: single('per s', lowEnd(perSecond), perSecond.length),
        fps: distribution('per s', perSecond),
        frames_dropped: single('%', wanted === 0 ? 100 : (100 * dropped) / wanted, wanted),
        idle_processor: single('%', idle.all, 1),
        idle_processor_of_page_and_drawing: single('%', idle.drawing, 1),
      },
      targets: { fps_p5: '≥ 25', frames_dropped: '≤ 2', idle_processor: '≤ 25 of one core' },
      notes,
    };
  } finally {
    await home.dispose();
  }
}

/** End-to-end latency in the window with the face, and in the same run with its canvas hidden: nothing is drawn then, and the portrait stays still. */
export async function measureLatency(rounds = 12): Promise<Omit<BenchResult, 'bench'>> {
  const clips = await speakAll(questions);
  const notes: string[] = [];
  const latency: Record<'with' | 'without', number[]> = { with: [], without: [] };
  const half = Math.ceil(rounds / 2);
  // Twice each, in turns: a machine that gets slower does so for both.
  for (const face of ['with', 'without', 'with', 'without'] as const) {
    const { e2e_latency: metric } = await askInWindow(clips, half, notes, face === 'with' ? undefined : hideFace);
    if (metric && metric.count > 0) latency[face].push(metric.p50);
  }
  return {
    metrics: {
      e2e_with_face: single('ms', mean(latency.with), half * latency.with.length),
      e2e_without_face: single('ms', mean(latency.without), half * latency.without.length),
      added_by_face: single('ms', mean(latency.with) - mean(latency.without), half),
    },
    targets: { added_by_face: '≤ 60' },
    notes,
  };
}

async function hideFace({ page }: SpokenApp): Promise<void> {
  await page.evaluate(() => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync('.live-face { display: none !important; }');
    document.adoptedStyleSheets.push(sheet);
  });
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
}

async function speakAll(texts: readonly string[]): Promise<Clip[]> {
  const maker = createClipMaker();
  try {
    const clips: Clip[] = [];
    for (const text of texts) clips.push(await maker.speak(text));
    return clips;
  } finally {
    await maker.close();
  }
}

/** Notes the time of the first draw call of each frame. three.js calls through the prototype, so it need not know. */
async function watchDrawing(app: SpokenApp): Promise<void> {
  await app.page.evaluate((apartMs) => {
    window.faceFramesAtMs = [];
    for (const name of ['drawElements', 'drawArrays'] as const) {
      const original = WebGL2RenderingContext.prototype[name] as (...values: number[]) => void;
      WebGL2RenderingContext.prototype[name] = function watched(this: WebGL2RenderingContext, ...values: number[]): void {
        const now = performance.now();
        if (now - (window.faceFramesAtMs.at(-1) ?? -1000) > apartMs) window.faceFramesAtMs.push(now);
        original.apply(this, values);
      };
    }
  }, CALLS_OF_A_FRAME_MS);
}

/** Asks aloud, and counts the frames from the first to the last moment in which the stage says that the assistant speaks. */
async function speakingRates(app: SpokenApp, request: Clip): Promise<ReturnType<typeof frameRates> | undefined> {
  await app.waitForState(en.stage.state.readyHandsFree.title);
  await app.speak(inQuietRoom([request.samples.subarray(0, lastAudible(request.samples))]));
  try {
    await app.waitForState(en.stage.state.speaking.title);
  } catch {
    return undefined;
  }
  await app.page.evaluate(() => (window.faceFramesAtMs = []));
  const until = Date.now() + LONGEST_ANSWER_MS;
  // Asked rarely: each question takes processor time from what is measured.
  do await delay(1000);
  while (Date.now() < until && (await app.call('session.snapshot', {})).talk.state === 'speaking');
  const frames = await app.page.evaluate(() => window.faceFramesAtMs);
  await app.stop();
  // The last second may lie behind the end of the speech.
  return frameRates(frames.slice(0, Math.max(2, frames.length - FRAMES_PER_SECOND)), PERIOD_MS);
}

function lowEnd(values: readonly number[]): number {
  return (
    distribution(
      'per s',
      values.map((value) => -value),
    ).p95 * -1
  );
}

/** Shares of one core, %, of all processes of the app, and of those that draw: the page and the GPU process. */
async function processorShares(app: SpokenApp, forMs: number): Promise<{ all: number; drawing: number }> {
  const { processes } = await app.call('app.vitals', {});
  const own = await app.electron.evaluate(({ app: electron }) => electron.getAppMetrics().map(({ pid, type }) => ({ pid, type })));
  const drawing = new Set(own.filter(({ type }) => type === 'GPU' || type === 'Tab').map(({ pid }) => pid));
  const pids = [...new Set([...processes.map(({ pid }) => pid), ...own.map(({ pid }) => pid)])];
  const before = await Promise.all(pids.map(processorSeconds));
  await delay(forMs);
  const after = await Promise.all(pids.map(processorSeconds));
  const shares = pids.map((pid, index) => ({ pid, share: (((after[index] ?? 0) - (before[index] ?? 0)) / (forMs / 1000)) * 100 }));
  const sum = (list: typeof shares): number => list.reduce((total, { share }) => total + share, 0);
  return { all: sum(shares), drawing: sum(shares.filter(({ pid }) => drawing.has(pid))) };
}

/** User and system time of a process so far; proc(5), fields 14 and 15 of /proc/PID/stat. */
async function processorSeconds(pid: number): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / CLOCK_TICKS_PER_SECOND;
}
