import { describe, expect, it, vi } from 'vitest';
import { createRecordingPlayer } from '../../../../src-renderer/features/calls/recording-player.ts';

/** As much of an audio element as a player looks at. */
class FakeAudio extends EventTarget {
  paused = true;
  ended = false;
  error: unknown = null;
  currentTime = 0;
  playbackRate = 1;
  src = '';
  hasAttribute(): boolean {
    return this.src !== '';
  }
  removeAttribute(): void {
    this.src = '';
  }
  play(): Promise<void> {
    this.paused = false;
    this.dispatchEvent(new Event('play'));
    return Promise.resolve();
  }
  pause(): void {
    this.paused = true;
    this.dispatchEvent(new Event('pause'));
  }
}

function createPage(url: string | undefined = 'http://here/recordings/1') {
  const audio = new FakeAudio();
  const findUrl = vi.fn<() => Promise<string | undefined>>(() => Promise.resolve(url));
  const gone = vi.fn<() => void>();
  const fail = vi.fn<(error: unknown) => void>();
  const player = createRecordingPlayer({ audio: audio as unknown as HTMLAudioElement, findUrl, gone, fail });
  return { audio, findUrl, gone, fail, player };
}

const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));

describe('createRecordingPlayer', () => {
  it('asks for the sound with the first press, plays from the word, and keeps the speed', async () => {
    const { audio, findUrl, player } = createPage();
    player.setRate(1.5);
    player.seek(2000);
    expect(findUrl).not.toHaveBeenCalled();
    player.playFrom(4200);
    await settled();
    expect([audio.currentTime, audio.playbackRate, player.state.getState().playing]).toEqual([4.2, 1.5, true]);
    player.toggle();
    player.toggle();
    await settled();
    expect(findUrl).toHaveBeenCalledTimes(1);
    player.dispose();
    expect([audio.paused, audio.src]).toEqual([true, '']);
  });

  it('asks for a new address when the old one leads nowhere any more', async () => {
    const { audio, findUrl, player } = createPage();
    player.toggle();
    await settled();
    player.toggle();
    audio.error = { code: 2 };
    player.toggle();
    await settled();
    expect(findUrl).toHaveBeenCalledTimes(2);
    player.dispose();
  });

  it('says that the recording is gone, and what else went wrong', async () => {
    const { gone, fail, findUrl, player } = createPage();
    findUrl.mockResolvedValueOnce(undefined);
    player.toggle();
    await settled();
    expect([gone.mock.calls.length, fail.mock.calls.length]).toEqual([1, 0]);
    findUrl.mockRejectedValueOnce(new Error('The connection was lost.'));
    player.toggle();
    await settled();
    expect(fail).toHaveBeenCalledTimes(1);
    player.dispose();
  });

  it('plays nothing when the page was left before the sound came', async () => {
    const { audio, player } = createPage();
    player.toggle();
    player.dispose();
    await settled();
    expect([audio.paused, audio.src]).toEqual([true, '']);
  });
});
