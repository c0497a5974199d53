import { describe, expect, it } from 'vitest';
import { createCallMicrophone } from '../../../../src-renderer/softphone/call-microphone.ts';

const WISHES = { device: '', echoCancellation: true, noiseSuppression: true, autoGainControl: true };

/** A track of a device; it ends by itself when that is pulled. */
class FakeTrack extends EventTarget {
  stopped = false;
  readonly label: string;
  constructor(label: string) {
    super();
    this.label = label;
  }
  stop(): void {
    this.stopped = true;
  }
  getSettings(): MediaTrackSettings {
    return { deviceId: `id:${this.label}` };
  }
}

const settled = (): Promise<void> => new Promise((done) => setTimeout(done));

function setUp(...plugged: string[]) {
  const opened: FakeTrack[] = [];
  const heard: (string | undefined)[] = [];
  const states: string[] = [];
  const replaced: ({ gone: string; used: string } | null)[] = [];
  /** Whether what was heard before went on until the next was there. */
  let hadGap = false;
  const devices = Object.assign(new EventTarget(), {
    enumerateDevices: async () =>
      plugged.map((label) => ({ deviceId: `id:${label}`, groupId: '', kind: 'audioinput' as const, label, toJSON: () => ({}) })),
    async getUserMedia(wanted: MediaStreamConstraints) {
      const { deviceId } = wanted.audio as { deviceId?: { exact: string } };
      const label = deviceId ? plugged.find((one) => `id:${one}` === deviceId.exact) : plugged[0];
      if (label === undefined) throw new DOMException('gone', 'NotFoundError');
      const track = new FakeTrack(label);
      opened.push(track);
      return { getAudioTracks: () => [track] } as unknown as MediaStream;
    },
  });
  const microphone = createCallMicrophone({
    mediaDevices: devices as unknown as MediaDevices,
    onTrack(track) {
      if (opened.at(-2)?.stopped === true) hadGap = true;
      heard.push(track?.label);
    },
    onState: (state) => states.push(state),
    onReplaced: (names) => replaced.push(names),
  });
  return {
    microphone,
    opened,
    heard,
    states,
    replaced,
    hadGap: () => hadGap,
    async plug(...next: string[]) {
      const gone = opened.at(-1);
      plugged = next;
      if (gone && !next.includes(gone.label)) gone.dispatchEvent(new Event('ended'));
      devices.dispatchEvent(new Event('devicechange'));
      await settled();
    },
  };
}

describe('createCallMicrophone', () => {
  it('changes over to another device without a gap when one is chosen in mid-call', async () => {
    const { microphone, heard, opened, hadGap, replaced } = setUp('Built-in', 'Headset');
    microphone.open();
    await settled();
    microphone.configure({ ...WISHES, device: 'Headset' });
    await settled();
    expect(heard).toEqual(['Built-in', 'Headset']);
    expect(opened.map(({ stopped }) => stopped)).toEqual([true, false]);
    expect([hadGap(), replaced]).toEqual([false, []]);
  });

  it('falls back to what is left when the headset is pulled, says so, and returns to it when it is back', async () => {
    const { microphone, heard, replaced, plug } = setUp('Built-in', 'Headset');
    microphone.configure({ ...WISHES, device: 'Headset' });
    microphone.open();
    await settled();
    await plug('Built-in');
    expect([heard, replaced]).toEqual([['Headset', 'Built-in'], [{ gone: 'Headset', used: 'Built-in' }]]);
    await plug('Built-in', 'Headset');
    expect(heard.at(-1)).toBe('Headset');
    expect(replaced.at(-1)).toBeNull();
  });

  it('says that there is none, and takes the first that comes', async () => {
    const { microphone, heard, states, plug } = setUp('Headset');
    microphone.open();
    await settled();
    await plug();
    expect([states, heard.at(-1)]).toEqual([['ok', 'none'], undefined]);
    await plug('Built-in');
    expect([states.at(-1), heard.at(-1)]).toEqual(['ok', 'Built-in']);
  });

  it('leaves the device alone when others come and go', async () => {
    const { microphone, opened, plug } = setUp('Built-in', 'Headset');
    microphone.configure({ ...WISHES, device: 'Headset' });
    microphone.open();
    await settled();
    await plug('Built-in', 'Headset', 'Camera');
    expect(opened).toHaveLength(1);
  });

  it('lets the device go with the last call', async () => {
    const { microphone, opened, states } = setUp('Built-in');
    microphone.open();
    await settled();
    microphone.close();
    expect([opened[0]?.stopped, states]).toEqual([true, ['ok', 'off']]);
  });
});
