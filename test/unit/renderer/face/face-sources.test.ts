import { describe, expect, it } from 'vitest';
import type { Character } from '../../../../src-preload/contract/index.ts';
import type { FaceSource } from '../../../../src-renderer/face/face-body.ts';
import { createFaceSources, type FaceSources } from '../../../../src-renderer/face/face-sources.ts';

interface Rig {
  sources: FaceSources;
  /** Ids in the order of loading. */
  loaded: string[];
  closed: string[];
  /** Lets the waiting loads end. */
  finish(): Promise<void>;
  aborted: string[];
}

function createRig({ isSlow = false, fails = false }: { isSlow?: boolean; fails?: boolean } = {}): Rig {
  const [loaded, closed, aborted]: [string[], string[], string[]] = [[], [], []];
  let waiting: (() => void)[] = [];
  const sources = createFaceSources(async ({ id }, signal) => {
    loaded.push(id);
    signal.addEventListener('abort', () => aborted.push(id));
    if (isSlow) await new Promise<void>((resolve) => waiting.push(resolve));
    if (fails) throw new Error(`no face of ${id}`);
    return { portrait: { width: 10, height: 10, close: () => void closed.push(id) } } as unknown as FaceSource;
  });
  return {
    sources,
    loaded,
    closed,
    aborted,
    async finish() {
      for (const end of waiting) end();
      waiting = [];
      await new Promise((resolve) => setImmediate(resolve));
    },
  };
}

const character = (id: string): Character => ({ id, assets: `/characters/${id}/1`, portrait: { hash: id }, model: null }) as Character;
const never = new AbortController().signal;

describe('createFaceSources', () => {
  it('decodes a face once, however often it is shown', async () => {
    const { sources, loaded } = createRig();
    const [first, second] = await Promise.all([sources.borrow(character('nova'), never), sources.borrow(character('nova'), never)]);
    expect(first.source).toBe(second.source);
    first.release();
    second.release();
    expect((await sources.borrow(character('nova'), never)).source).toBe(first.source);
    expect(loaded).toEqual(['nova']);
    expect(sources.sizeBytes()).toBe(400);
  });

  it('keeps the ten that were shown last and closes the others, never one that is shown', async () => {
    const { sources, closed } = createRig();
    await sources.borrow(character('shown'), never);
    for (let index = 0; index < 12; index += 1) (await sources.borrow(character(`c${index}`), never)).release();
    expect(closed).toEqual(['c0', 'c1', 'c2']);
    expect(sources.sizeBytes()).toBe(4000);
  });

  it('lets one who has gone not take the face away from one who waits', async () => {
    const { sources, finish, aborted } = createRig({ isSlow: true });
    const ending = new AbortController();
    const gone = sources.borrow(character('nova'), ending.signal);
    const waiting = sources.borrow(character('nova'), never);
    ending.abort(new Error('gone'));
    await expect(gone).rejects.toThrow('gone');
    expect(aborted).toEqual([]);
    await finish();
    expect((await waiting).source.portrait.width).toBe(10);
  });

  it('stops loading what nobody waits for, and closes what comes all the same', async () => {
    const { sources, finish, aborted, closed } = createRig({ isSlow: true });
    const ending = new AbortController();
    const gone = sources.borrow(character('nova'), ending.signal);
    ending.abort(new Error('gone'));
    await expect(gone).rejects.toThrow('gone');
    expect(aborted).toEqual(['nova']);
    await finish();
    expect(closed).toEqual(['nova']);
  });

  it('tries again after a failure', async () => {
    const { sources, loaded } = createRig({ fails: true });
    await expect(sources.borrow(character('nova'), never)).rejects.toThrow('no face of nova');
    await expect(sources.borrow(character('nova'), never)).rejects.toThrow('no face of nova');
    expect(loaded).toEqual(['nova', 'nova']);
  });

  it('closes all at its end', async () => {
    const { sources, closed } = createRig();
    await sources.borrow(character('nova'), never);
    await sources.borrow(character('rex'), never);
    sources.dispose();
    expect(closed).toEqual(['nova', 'rex']);
  });
});
