import { describe, expect, it } from 'vitest';
import { createSoundJudge, type SoundCounts } from '../../../../src-renderer/softphone/sound-judge.ts';

const BOTH = { comes: true, goes: true };

/** Looks every half second for so long; what there is grows by these. Returns what is found, with its time. */
function run(judge: ReturnType<typeof createSoundJudge>) {
  const counts: SoundCounts = { atMs: 0, received: 0, sent: 0, microphoneEnergy: 0 };
  return (seconds: number, grows: { received?: number; sent?: number; energy?: number | null }, expected = BOTH): string[] => {
    const found: string[] = [];
    for (let step = 0; step < seconds * 2; step += 1) {
      counts.atMs += 500;
      counts.received += grows.received ?? 0;
      counts.sent += grows.sent ?? 0;
      counts.microphoneEnergy = grows.energy === null ? null : (counts.microphoneEnergy ?? 0) + (grows.energy ?? 0);
      const finding = judge.look({ ...counts }, expected);
      if (finding) found.push(`${counts.atMs / 1000} ${finding}`);
    }
    return found;
  };
}

describe('createSoundJudge', () => {
  it('finds nothing wrong with sound both ways, and says once that it is heard', () => {
    expect(run(createSoundJudge())(60, { received: 25, sent: 25, energy: 0.1 })).toEqual(['0.5 hears']);
  });

  it('finds that nothing comes, and that it comes again', () => {
    const look = run(createSoundJudge());
    expect(look(8, { sent: 25, energy: 0.1 })).toEqual(['6 nothing-comes']);
    expect(look(2, { received: 25, sent: 25, energy: 0.1 })).toEqual(['8.5 hears']);
    expect(look(8, { sent: 25, energy: 0.1 })).toEqual(['15.5 nothing-comes']);
  });

  it('takes no short gap and no silent caller for trouble', () => {
    const look = run(createSoundJudge());
    look(1, { received: 25, sent: 25, energy: 0.1 });
    expect([...look(4, { sent: 25, energy: 0.1 }), ...look(30, { received: 25, sent: 25, energy: 0.1 })]).toEqual([]);
  });

  it('finds that nothing goes: no packets, or a microphone that is dead', () => {
    expect(run(createSoundJudge())(8, { received: 25, energy: 0.1 })).toEqual(['0.5 hears', '6 nothing-goes']);
    expect(run(createSoundJudge())(14, { received: 25, sent: 25 })).toEqual(['0.5 hears', '11 nothing-goes']);
  });

  it('expects nothing of a held, muted or overheard call, and counts anew after it', () => {
    const look = run(createSoundJudge());
    look(1, { received: 25, sent: 25, energy: 0.1 });
    expect(look(60, {}, { comes: false, goes: false })).toEqual([]);
    expect(look(60, { received: 25 }, { comes: true, goes: false })).toEqual([]);
    expect(look(4, { received: 25 })).toEqual([]);
    expect(look(4, { received: 25 })).toEqual(['126.5 nothing-goes']);
  });
});
