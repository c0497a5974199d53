import type { PlaybackCommand, PlaybackReport } from '../../src-preload/contract/index.ts';
import type { SpeechClock } from '../face/speech-clock.ts';
import { chooseDevice, namedDevices, type AudioDevice } from './device-choice.ts';
import { meterValue } from './level.ts';
import type { PlaybackNotice, PlaybackOrder } from './playback-messages.ts';
import { playbackWorkletUrl } from './worklet-urls.ts';

/** A place that sound goes through on its way to people's ears. */
export interface SoundOutput {
  context: AudioContext;
  node: AudioNode;
}

/** The loudspeaker's side of a session. */
export interface Speaker {
  /** Loads the worklet; the first answer must not wait for it. Rejects when the browser has no usable audio output. */
  open(): Promise<void>;
  /** Speech comes from this port until the next one; may come while `open` is under way. */
  attach(port: MessagePort): void;
  obey(command: PlaybackCommand): void;
  /** 0..1. */
  setVolume(volume: number): void;
  /** Name of the device; '' = the system's choice. An absent device falls back to that. */
  setDevice(name: string): void;
  devices(): readonly AudioDevice[];
  /** Loudness of what is played now, on the meter's scale, 0..1. */
  level(): number;
  /** True when the browser waits for a click or key before sound may flow. */
  needsGesture(): boolean;
  resume(): Promise<void>;
  /** For cues: plays beside the speech, through the same volume and device. For a clip: what is heard. */
  destination(): SoundOutput | undefined;
  dispose(): void;
}

export interface SpeakerDeps {
  mediaDevices: Pick<MediaDevices, 'enumerateDevices' | 'addEventListener' | 'removeEventListener'>;
  onReport: (report: PlaybackReport) => void;
  /** Is told what the face must know of the speech. */
  clock: Omit<SpeechClock, 'heardAt'>;
  onDevices: (devices: readonly AudioDevice[]) => void;
}

/** `setSinkId` is not in TypeScript's DOM library yet; Firefox and Safari lack it and play on the system's device. */
type ContextWithSink = AudioContext & { setSinkId?: (sinkId: string) => Promise<void> };

interface Graph {
  context: ContextWithSink;
  node: AudioWorkletNode;
  gain: GainNode;
}

export function createSpeaker(deps: SpeakerDeps): Speaker {
  let graph: Graph | undefined;
  let opening: Promise<void> | undefined;
  /** What came while the worklet was being loaded, in order. Without a loudspeaker it is dropped: played later it would answer nobody. */
  let early: [PlaybackOrder, Transferable[]][] = [];
  let volume = 1;
  let deviceName = '';
  let sinkId = '';
  let devices: AudioDevice[] = [];
  let loudness = 0;

  const order = (message: PlaybackOrder, transfer: Transferable[] = []): void => {
    if (graph) graph.node.port.postMessage(message, transfer);
    else if (opening) early.push([message, transfer]);
    else drain(transfer);
  };

  const dropEarly = (): void => {
    for (const [, transfer] of early) drain(transfer);
    early = [];
  };

  const useDevice = async (): Promise<void> => {
    const wanted = chooseDevice(devices, deviceName)?.deviceId ?? '';
    if (!graph?.context.setSinkId || wanted === sinkId) return;
    sinkId = wanted;
    try {
      await graph.context.setSinkId(wanted);
    } catch {
      // Unplugged between the list and the call; `devicechange` follows and comes back here.
      sinkId = '';
      await graph.context.setSinkId('').catch(() => undefined);
    }
  };

  const refreshDevices = async (): Promise<void> => {
    devices = namedDevices(await deps.mediaDevices.enumerateDevices(), 'audiooutput');
    deps.onDevices(devices);
    await useDevice();
  };
  const deviceListener = (): void => void refreshDevices();
  deps.mediaDevices.addEventListener('devicechange', deviceListener);

  const build = async (): Promise<void> => {
    const built = await buildGraph(volume, (notice, context) => {
      switch (notice.type) {
        case 'level':
          loudness = meterValue(notice.level.rms);
          return deps.clock.level(performance.timeOrigin + performance.now(), loudness);
        case 'timing':
          return deps.clock.timing(notice.timing);
        case 'fact': {
          const report = reportOf(notice, context);
          deps.clock.report(report);
          return deps.onReport(report);
        }
      }
    });
    graph = built;
    for (const [message, transfer] of early) order(message, transfer);
    early = [];
    await refreshDevices();
  };

  return {
    open() {
      opening ??= build().catch((error: unknown) => {
        opening = undefined;
        dropEarly();
        throw error;
      });
      return opening;
    },
    attach: (port) => order({ type: 'attach', port }, [port]),
    obey(command) {
      order({ type: 'command', command });
      deps.clock.obey(command);
    },
    setVolume(value) {
      volume = value;
      graph?.gain.gain.setTargetAtTime(value, graph.context.currentTime, 0.02);
    },
    setDevice(name) {
      deviceName = name;
      void useDevice();
    },
    devices: () => devices,
    level: () => loudness,
    needsGesture: () => graph !== undefined && graph.context.state !== 'running',
    async resume() {
      await graph?.context.resume();
    },
    destination: () => (graph ? { context: graph.context, node: graph.gain } : undefined),
    dispose() {
      deps.mediaDevices.removeEventListener('devicechange', deviceListener);
      order({ type: 'close' });
      void graph?.context.close();
    },
  };
}

/** Speech that nobody hears is taken off the line, which would keep it for as long as the session lasts. */
function drain(transfer: readonly Transferable[]): void {
  for (const item of transfer) {
    if (!(item instanceof MessagePort)) continue;
    item.addEventListener('message', () => undefined);
    item.start();
  }
}

async function buildGraph(volume: number, onNotice: (notice: PlaybackNotice, context: AudioContext) => void): Promise<Graph> {
  const context = new AudioContext({ latencyHint: 'interactive' });
  try {
    await context.audioWorklet.addModule(playbackWorkletUrl);
  } catch (error) {
    await context.close();
    throw error;
  }
  const node = new AudioWorkletNode(context, 'playback', { numberOfInputs: 0, numberOfOutputs: 1, outputChannelCount: [1] });
  node.port.addEventListener('message', (event: MessageEvent<PlaybackNotice>) => onNotice(event.data, context));
  node.port.start();
  const gain = new GainNode(context, { gain: volume });
  node.connect(gain).connect(context.destination);
  return { context, node, gain };
}

/** The audio thread only knows wall time; the core's clock is `timeOrigin + now`, which drifts from it when the system clock is set. */
function reportOf(notice: Extract<PlaybackNotice, { type: 'fact' }>, context: AudioContext): PlaybackReport {
  const wallToCore = performance.timeOrigin + performance.now() - Date.now();
  return {
    ...notice.fact,
    atMs: notice.wallMs + wallToCore,
    outputLatencyMs: (context.baseLatency + (context.outputLatency || 0)) * 1000,
  };
}
