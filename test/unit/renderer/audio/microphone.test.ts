import { describe, expect, it, vi } from 'vitest';
import type { CaptureGraph } from '../../../../src-renderer/audio/capture-graph.ts';
import { chooseDevice, namedDevices } from '../../../../src-renderer/audio/device-choice.ts';
import type { Level } from '../../../../src-renderer/audio/level.ts';
import { createMicrophone, type Microphone, type MicrophoneState } from '../../../../src-renderer/audio/microphone.ts';

vi.mock('../../../../src-renderer/audio/worklet-urls.ts', () => ({ captureWorkletUrl: '', playbackWorkletUrl: '' }));

const WISHES = { device: '', echoCancellation: true, noiseSuppression: true, autoGainControl: true };

function device(label: string, kind: MediaDeviceKind = 'audioinput'): MediaDeviceInfo {
  return { deviceId: `id:${label}`, groupId: '', kind, label, toJSON: () => ({}) };
}

/** The computer's side: devices that can be plugged, pulled and forbidden. */
class FakeTrack extends EventTarget {
  enabled = true;
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

interface Bench {
  microphone: Microphone;
  states: MicrophoneState[];
  tracks: FakeTrack[];
  requests: MediaTrackConstraints[];
  ports: MessagePort[];
  plug(...labels: string[]): void;
  refuse(error: string | undefined): void;
  /** The browser cannot load what the sound runs through. */
  breakGraph(): void;
  hear(level: Level): void;
}

function createBench(...labels: string[]): Bench {
  let plugged = labels.map((label) => device(label));
  let refusal: string | undefined;
  let hear: ((level: Level) => void) | undefined;
  let graphBroken = false;
  const events = new EventTarget();
  const bench: Omit<Bench, 'microphone'> = {
    states: [],
    tracks: [],
    requests: [],
    ports: [],
    plug(...next) {
      plugged = next.map((label) => device(label));
      events.dispatchEvent(new Event('devicechange'));
    },
    refuse(error) {
      refusal = error;
    },
    breakGraph() {
      graphBroken = true;
    },
    hear: (level) => hear?.(level),
  };
  const graph: CaptureGraph = {
    connect: () => undefined,
    disconnect: () => undefined,
    attach: (port) => bench.ports.push(port),
    isRunning: () => true,
    resume: async () => undefined,
    close: () => undefined,
  };
  const microphone = createMicrophone({
    mediaDevices: {
      enumerateDevices: async () => plugged,
      addEventListener: events.addEventListener.bind(events),
      removeEventListener: events.removeEventListener.bind(events),
      async getUserMedia(constraints) {
        const audio = constraints?.audio as MediaTrackConstraints;
        bench.requests.push(audio);
        const wanted = (audio.deviceId as { exact: string } | undefined)?.exact;
        const found = plugged.find((entry) => wanted === undefined || entry.deviceId === wanted);
        if (refusal !== undefined || !found) throw new DOMException('no', refusal ?? 'NotFoundError');
        const track = new FakeTrack(found.label);
        bench.tracks.push(track);
        return { getTracks: () => [track], getAudioTracks: () => [track] } as unknown as MediaStream;
      },
    },
    async createGraph(onLevel) {
      hear = onLevel;
      if (graphBroken) throw new Error('no worklet');
      return graph;
    },
    onState: (state) => bench.states.push(state),
    onDevices: () => undefined,
  });
  return Object.assign(bench, { microphone });
}

const statuses = (bench: Bench): string[] => bench.states.map((state) => state.status);

describe('createMicrophone', () => {
  it('opens the system’s microphone with the processing that is set', async () => {
    const bench = createBench('Built-in');
    bench.microphone.configure({ ...WISHES, noiseSuppression: false });
    await bench.microphone.open();
    expect(bench.requests).toEqual([{ echoCancellation: true, noiseSuppression: false, autoGainControl: true }]);
    expect(bench.microphone.state()).toEqual({ status: 'ok', device: 'Built-in' });
  });

  it('opens the chosen one, and any other while that is away', async () => {
    const bench = createBench('Built-in', 'Headset');
    bench.microphone.configure({ ...WISHES, device: 'Headset' });
    await bench.microphone.open();
    expect(bench.microphone.state()).toEqual({ status: 'ok', device: 'Headset' });
    bench.plug('Built-in');
    bench.tracks[0]?.dispatchEvent(new Event('ended'));
    await vi.waitFor(() => expect(bench.microphone.state()).toEqual({ status: 'ok', device: 'Built-in' }));
    expect(statuses(bench)).toEqual(['opening', 'ok', 'ended', 'opening', 'ok']);
    expect(bench.states[2]).toEqual({ status: 'ended', device: 'Headset' });
  });

  it('names the one that was lost while there is no other, and starts when one is plugged in', async () => {
    const bench = createBench('Headset');
    await bench.microphone.open();
    bench.plug();
    bench.tracks[0]?.dispatchEvent(new Event('ended'));
    await vi.waitFor(() => expect(statuses(bench)).toEqual(['opening', 'ok', 'ended', 'opening', 'ended']));
    expect(bench.microphone.state()).toEqual({ status: 'ended', device: 'Headset' });
    bench.plug('Built-in');
    await vi.waitFor(() => expect(bench.microphone.state()).toEqual({ status: 'ok', device: 'Built-in' }));
  });

  it('goes back to the chosen one when it is plugged in again', async () => {
    const bench = createBench('Built-in');
    bench.microphone.configure({ ...WISHES, device: 'Headset' });
    await bench.microphone.open();
    bench.plug('Built-in', 'Headset');
    await vi.waitFor(() => expect(bench.microphone.state()).toEqual({ status: 'ok', device: 'Headset' }));
    expect(bench.tracks[0]?.stopped).toBe(true);
  });

  it('says that there is none, and starts when one is plugged in', async () => {
    const bench = createBench();
    await bench.microphone.open();
    expect(bench.microphone.state()).toEqual({ status: 'none' });
    bench.plug('USB microphone');
    await vi.waitFor(() => expect(bench.microphone.state()).toEqual({ status: 'ok', device: 'USB microphone' }));
  });

  it('says that it was denied, and opens after the owner has allowed it', async () => {
    const bench = createBench('Built-in');
    bench.refuse('NotAllowedError');
    await bench.microphone.open();
    expect(bench.microphone.state()).toEqual({ status: 'denied' });
    bench.refuse(undefined);
    await bench.microphone.open();
    expect(bench.microphone.state()).toEqual({ status: 'ok', device: 'Built-in' });
  });

  it('opens again at once when the processing is changed, and lets the old stream go', async () => {
    const bench = createBench('Built-in');
    await bench.microphone.open();
    bench.microphone.configure({ ...WISHES, echoCancellation: false });
    await vi.waitFor(() => expect(bench.tracks).toHaveLength(2));
    expect(bench.tracks[0]?.stopped).toBe(true);
    bench.microphone.configure({ ...WISHES, echoCancellation: false });
    expect(bench.tracks).toHaveLength(2);
  });

  it('silences the track while muted, also one that is opened later', async () => {
    const bench = createBench('Built-in');
    bench.microphone.setMuted(true);
    await bench.microphone.open();
    bench.hear({ rms: 0.2, peak: 0.4 });
    expect([bench.tracks[0]?.enabled, bench.microphone.level()]).toEqual([false, 0]);
    bench.microphone.setMuted(false);
    expect(bench.tracks[0]?.enabled).toBe(true);
    expect(bench.microphone.level()).toBeGreaterThan(0.5);
  });

  it('reports a device that sends nothing, and takes that back when sound comes', async () => {
    vi.useFakeTimers();
    try {
      const bench = createBench('Built-in');
      await bench.microphone.open();
      await vi.advanceTimersByTimeAsync(4000);
      expect(bench.microphone.state()).toEqual({ status: 'stalled', device: 'Built-in' });
      bench.hear({ rms: 0.1, peak: 0.2 });
      expect(bench.microphone.state()).toEqual({ status: 'ok', device: 'Built-in' });
    } finally {
      vi.useRealTimers();
    }
  });

  it('keeps a port that came before the device, and hands it on once', async () => {
    const bench = createBench('Built-in');
    const { port1 } = new MessageChannel();
    bench.microphone.attach(port1);
    await bench.microphone.open();
    await bench.microphone.open();
    expect(bench.ports).toEqual([port1]);
    port1.close();
  });

  it('lets the device go that was granted when the sound cannot be taken from it', async () => {
    const bench = createBench('Built-in');
    bench.breakGraph();
    await bench.microphone.open();
    await vi.waitFor(() => expect(bench.tracks.map((track) => track.stopped)).toEqual([true]));
    expect(bench.microphone.state()).toEqual({ status: 'none' });
  });

  it('lets a device go that arrives after closing', async () => {
    const bench = createBench('Built-in');
    const opening = bench.microphone.open();
    bench.microphone.close();
    await opening;
    expect(bench.microphone.state()).toEqual({ status: 'off' });
    expect(bench.tracks.every((track) => track.stopped)).toBe(true);
  });
});

describe('namedDevices', () => {
  it('numbers equal names and leaves out aliases, other kinds and the unnamed', () => {
    const alias = { ...device('Default - Built-in'), deviceId: 'default' };
    const list = [alias, device('Mic'), device('Mic'), device(''), device('Speaker', 'audiooutput')];
    expect(namedDevices(list, 'audioinput').map((entry) => entry.name)).toEqual(['Mic', 'Mic (2)']);
  });
});

describe('chooseDevice', () => {
  it('returns the named one, and nothing for the system’s choice or an absent one', () => {
    const devices = namedDevices([device('A'), device('B')], 'audioinput');
    expect([chooseDevice(devices, 'B')?.deviceId, chooseDevice(devices, ''), chooseDevice(devices, 'C')]).toEqual([
      'id:B',
      undefined,
      undefined,
    ]);
  });
});
