import { chooseDevice, namedDevices, type AudioDevice } from './device-choice.ts';
import type { CaptureGraph, CreateCaptureGraph } from './capture-graph.ts';
import { meterValue } from './level.ts';

/**
 *   off --open--> opening --> ok <--> stalled
 *                  |  ^       |
 *                  |  |       +--unplugged--> ended --another one--> opening --there is none--> ended
 *                  |  +--a device or the permission comes-- none | denied
 *                  +--> none | denied
 */
export type MicrophoneState =
  | { status: 'off' | 'opening' | 'none' | 'denied' }
  /** `device` is the name of the microphone in use, or of the one that was lost. */
  | { status: 'ok' | 'stalled' | 'ended'; device: string };

export interface MicrophoneWishes {
  /** Name of the device; '' = the system's choice. */
  device: string;
  echoCancellation: boolean;
  noiseSuppression: boolean;
  autoGainControl: boolean;
}

export interface Microphone {
  state(): MicrophoneState;
  devices(): readonly AudioDevice[];
  /** Opens it, or opens it again after trouble. Resolves when it is ok or when the state says why not; never rejects. */
  open(): Promise<void>;
  /** Stops listening and lets the device go. */
  close(): void;
  /** Takes effect at once, also on an open microphone. */
  configure(wishes: MicrophoneWishes): void;
  /** Samples go to this port until the next one; may come before `open`. */
  attach(port: MessagePort): void;
  /** Muted sound stays sound: silence flows on, so that nobody takes it for a broken device. */
  setMuted(muted: boolean): void;
  /** Loudness now on the meter's scale, 0..1. */
  level(): number;
  /** True when the browser waits for a click or key before sound may flow. */
  needsGesture(): boolean;
  resume(): Promise<void>;
  dispose(): void;
}

export interface MicrophoneDeps {
  mediaDevices: Pick<MediaDevices, 'getUserMedia' | 'enumerateDevices' | 'addEventListener' | 'removeEventListener'>;
  createGraph: CreateCaptureGraph;
  onState: (state: MicrophoneState) => void;
  onDevices: (devices: readonly AudioDevice[]) => void;
}

/** An open device sends levels every 40 ms; silence as well. */
const STALL_CHECK_MS = 1000;
const STALLED_AFTER_MS = 2000;

export function createMicrophone(deps: MicrophoneDeps): Microphone {
  const { mediaDevices } = deps;
  let state: MicrophoneState = { status: 'off' };
  let wishes: MicrophoneWishes = { device: '', echoCancellation: true, noiseSuppression: true, autoGainControl: true };
  let graph: Promise<CaptureGraph> | undefined;
  let openGraph: CaptureGraph | undefined;
  let stream: MediaStream | undefined;
  let port: MessagePort | undefined;
  let muted = false;
  let devices: AudioDevice[] = [];
  let loudness = 0;
  let lastLevelAtMs = 0;
  /** The one that went away while it was in use, until another one is open. */
  let lostDevice: string | undefined;
  /** Each opening outdates the ones before it. */
  let attempt = 0;

  const setState = (next: MicrophoneState): void => {
    state = next;
    deps.onState(next);
  };

  const refreshDevices = async (): Promise<void> => {
    devices = namedDevices(await mediaDevices.enumerateDevices(), 'audioinput');
    deps.onDevices(devices);
  };

  const ensureGraph = async (): Promise<CaptureGraph> => {
    graph ??= deps.createGraph((level) => {
      loudness = meterValue(level.rms);
      lastLevelAtMs = performance.now();
      if (state.status === 'stalled') setState({ status: 'ok', device: state.device });
    });
    try {
      openGraph = await graph;
    } catch (error) {
      graph = undefined;
      throw error;
    }
    if (port) openGraph.attach(port);
    port = undefined;
    return openGraph;
  };

  const letGo = (): void => {
    if (stream) stopTracks(stream);
    stream = undefined;
    openGraph?.disconnect();
    loudness = 0;
  };

  const acquire = async (): Promise<MediaStream> => {
    const { device, ...processing } = wishes;
    const chosen = chooseDevice(devices, device);
    try {
      return await mediaDevices.getUserMedia({ audio: { ...processing, ...(chosen ? { deviceId: { exact: chosen.deviceId } } : {}) } });
    } catch (error) {
      // The chosen one went away between the list and the call, or another program holds it: any microphone is better than none.
      if (!chosen || nameOf(error) === 'NotAllowedError') throw error;
      return await mediaDevices.getUserMedia({ audio: processing });
    }
  };

  const lost = async (device: string): Promise<void> => {
    letGo();
    lostDevice = device;
    setState({ status: 'ended', device });
    await refreshDevices();
    if (state.status === 'ended') await open();
  };

  const failedState = (error: unknown): MicrophoneState => {
    if (nameOf(error) === 'NotAllowedError') return { status: 'denied' };
    return lostDevice === undefined ? { status: 'none' } : { status: 'ended', device: lostDevice };
  };

  const open = async (): Promise<void> => {
    attempt += 1;
    const own = attempt;
    const current = (): boolean => own === attempt;
    let granted: Promise<MediaStream> | undefined;
    letGo();
    setState({ status: 'opening' });
    try {
      await refreshDevices();
      granted = acquire();
      const [opened, target] = await Promise.all([granted, ensureGraph()]);
      if (!current()) return stopTracks(opened);
      stream = opened;
      const track = opened.getAudioTracks()[0];
      if (track) {
        track.enabled = !muted;
        track.addEventListener('ended', () => current() && void lost(track.label));
      }
      target.connect(opened);
      lastLevelAtMs = performance.now();
      // Names are only visible once a microphone has been allowed.
      await refreshDevices();
      if (!current()) return;
      lostDevice = undefined;
      setState({ status: 'ok', device: track?.label ?? '' });
    } catch (error) {
      // Whatever failed beside it, a device that was given, also later, must not stay open for nobody.
      void granted?.then(stopTracks, () => undefined);
      if (!current()) return;
      letGo();
      setState(failedState(error));
    }
  };

  const onDeviceChange = async (): Promise<void> => {
    await refreshDevices();
    if ((state.status === 'none' || state.status === 'ended') && devices.length > 0) return open();
    const inUse = stream?.getAudioTracks()[0]?.getSettings().deviceId;
    const wanted = chooseDevice(devices, wishes.device);
    if ((state.status === 'ok' || state.status === 'stalled') && wanted && wanted.deviceId !== inUse) await open();
  };
  const deviceListener = (): void => void onDeviceChange();
  mediaDevices.addEventListener('devicechange', deviceListener);

  const stallCheck = setInterval(() => {
    if (state.status !== 'ok' || !openGraph?.isRunning()) return;
    if (performance.now() - lastLevelAtMs > STALLED_AFTER_MS) setState({ status: 'stalled', device: state.device });
  }, STALL_CHECK_MS);

  const close = (): void => {
    attempt += 1;
    lostDevice = undefined;
    letGo();
    if (state.status !== 'off') setState({ status: 'off' });
  };

  return {
    state: () => state,
    devices: () => devices,
    open,
    close,
    configure(next) {
      const changed = JSON.stringify(next) !== JSON.stringify(wishes);
      wishes = next;
      if (changed && state.status !== 'off') void open();
    },
    attach(next) {
      if (openGraph) openGraph.attach(next);
      else port = next;
    },
    setMuted(value) {
      muted = value;
      for (const track of stream?.getAudioTracks() ?? []) track.enabled = !value;
    },
    level: () => (state.status === 'ok' && !muted ? loudness : 0),
    needsGesture: () => openGraph !== undefined && !openGraph.isRunning(),
    async resume() {
      await openGraph?.resume();
    },
    dispose() {
      clearInterval(stallCheck);
      mediaDevices.removeEventListener('devicechange', deviceListener);
      close();
      openGraph?.close();
    },
  };
}

function stopTracks(stream: MediaStream): void {
  for (const track of stream.getTracks()) track.stop();
}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : '';
}
