import { createStore, type StoreApi } from 'zustand/vanilla';
import type { SoundOutput } from '../audio/speaker.ts';
import { CallError } from '../bridge/index.ts';
import type { LiveClip, LiveClipOptions, Recording } from '../face/recording/index.ts';

/**
 * A clip of the stage:
 *
 *     off ──record──▶ starting ──▶ recording ──stop, a minute, the face goes──▶ finishing ──▶ off
 *      ▲                 │             │
 *      └──cancel, failure┴─────────────┘
 */
export type Clip =
  | { state: 'off' | 'starting' | 'finishing' }
  /** `sinceMs` is of `performance.timeOrigin + performance.now()`. */
  | { state: 'recording'; sinceMs: number };

/** A face on the stage whose canvas shows it. */
export interface StageFace {
  canvas: HTMLCanvasElement;
  /** The character's, for the file. */
  name: string;
}

export interface ClipState {
  clip: Clip;
  /** What would be recorded; undefined while nothing moves on the stage. */
  face: StageFace | undefined;
  /** The stage tells: a face shows itself, was drawn (in the task that did it), is gone. A clip ends with its face, and is kept. */
  enter(face: StageFace): void;
  drawn(canvas: HTMLCanvasElement, atMs: number): void;
  leave(canvas: HTMLCanvasElement): void;
  /** Resolves when it runs. What fails becomes a message, as in the other two. Does nothing unless `off`. */
  record(): Promise<void>;
  /** Resolves when the file is saved. A clip that has not begun is given up. */
  stop(): Promise<void>;
  cancel(): Promise<void>;
}

export interface ClipDeps {
  output: () => Promise<SoundOutput | undefined>;
  /** Loads the encoders and begins. */
  begin: (options: LiveClipOptions) => Promise<LiveClip>;
  /** CSS colour behind the face. */
  ground: () => string;
  save: (recording: Recording, face: StageFace) => void;
  fail: (error: unknown) => void;
}

const LONGEST_MS = 60_000;
/** The stage may have just been opened, and its face be on the way. */
const FACE_PATIENCE_MS = 5_000;

export function createClipStore({ output, begin, ground, save, fail }: ClipDeps): StoreApi<ClipState> {
  let current: { live: LiveClip; face: StageFace } | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  /** A start that was given up finds another number here. */
  let attempt = 0;

  const take = (): typeof current => {
    attempt += 1;
    clearTimeout(timer);
    const taken = current;
    current = undefined;
    return taken;
  };

  const store = createStore<ClipState>()((set, get) => ({
    clip: { state: 'off' },
    face: undefined,
    enter: (face) => set({ face }),
    drawn(canvas, atMs) {
      if (current?.face.canvas === canvas) current.live.drawn(atMs);
    },
    leave(canvas) {
      if (get().face?.canvas === canvas) set({ face: undefined });
      if (current?.face.canvas === canvas) void get().stop();
    },
    async record() {
      if (get().clip.state !== 'off') return;
      attempt += 1;
      const own = attempt;
      set({ clip: { state: 'starting' } });
      try {
        const face = await faceOf(store);
        const sound = await output();
        const live = await begin({
          canvas: face.canvas,
          ground: ground(),
          longestMs: LONGEST_MS,
          ...(sound === undefined ? {} : { output: sound }),
        });
        if (own !== attempt) return await live.cancel();
        if (get().face?.canvas !== face.canvas) {
          await live.cancel();
          throw noFace();
        }
        current = { live, face };
        timer = setTimeout(() => void get().stop(), LONGEST_MS);
        set({ clip: { state: 'recording', sinceMs: performance.timeOrigin + performance.now() } });
      } catch (error) {
        if (own !== attempt) return;
        set({ clip: { state: 'off' } });
        fail(error);
      }
    },
    async stop() {
      if (get().clip.state === 'starting') return get().cancel();
      const taken = take();
      if (taken === undefined) return;
      set({ clip: { state: 'finishing' } });
      try {
        save(await taken.live.stop(), taken.face);
      } catch (error) {
        fail(error);
      }
      set({ clip: { state: 'off' } });
    },
    async cancel() {
      if (get().clip.state === 'finishing') return;
      const taken = take();
      set({ clip: { state: 'off' } });
      await taken?.live.cancel().catch(fail);
    },
  }));
  return store;
}

async function faceOf(store: StoreApi<ClipState>): Promise<StageFace> {
  const { face } = store.getState();
  if (face) return face;
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      unsubscribe();
      reject(noFace());
    }, FACE_PATIENCE_MS);
    const unsubscribe = store.subscribe((now) => {
      if (!now.face) return;
      clearTimeout(timer);
      unsubscribe();
      resolve(now.face);
    });
  });
}

function noFace(): CallError {
  return new CallError({
    code: 'recording.no-face',
    message: 'No face moves on the stage, so there is nothing to record. Bring it back from its small window, or choose another character.',
    details: {},
  });
}
