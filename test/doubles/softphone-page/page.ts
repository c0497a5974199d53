import { createBridge } from '../../../src-renderer/bridge/index.ts';
import { createLoopbackPeer } from '../../../src-renderer/softphone/call-media.ts';
import { createRingSound } from '../../../src-renderer/softphone/ring-sound.ts';
import { createRinger } from '../../../src-renderer/softphone/ringer.ts';
import type { SoftphoneState } from '../../../src-renderer/softphone/softphone-port.ts';
import { createSoftphone } from '../../../src-renderer/softphone/softphone.ts';
import type { SoftphonePage } from './protocol.ts';

/*
 * The softphone of the window with nothing around it, behind the app's real preload, policy and guards. Listens to what it plays.
 */
const bridge = await createBridge(window);
const peers: RTCPeerConnection[] = [];
const states: { atMs: number; state: SoftphoneState }[] = [];
const listening = new AudioContext();
const ringing = new AudioContext();
const ringMeter = new AnalyserNode(ringing, { fftSize: 2048 });
let analyser: AnalyserNode | undefined;

function createPeer(): RTCPeerConnection {
  const peer = createLoopbackPeer();
  peers.push(peer);
  peer.addEventListener('track', ({ track }) => {
    analyser = new AnalyserNode(listening, { fftSize: 8192, smoothingTimeConstant: 0 });
    listening.createMediaStreamSource(new MediaStream([track])).connect(analyser);
  });
  return peer;
}

const softphone = createSoftphone({ bridge, mediaDevices: navigator.mediaDevices, createPeer });
// The meter lies where the loudspeaker would be.
Object.defineProperty(ringing, 'destination', { value: ringMeter });
const ringer = createRinger({ bridge, sound: createRingSound({ mediaDevices: navigator.mediaDevices, createContext: () => ringing }) });
ringer.setOn(true);
softphone.state.subscribe((state) => states.push({ atMs: performance.timeOrigin + performance.now(), state }));
addEventListener('pagehide', () => softphone.dispose());

const page: SoftphonePage = {
  accept: softphone.accept,
  takeOver: softphone.takeOver,
  hangUp: softphone.hangUp,
  setMuted: softphone.setMuted,
  sendDigits: softphone.sendDigits,
  state: softphone.state.getState,
  states: () => states,
  levels: softphone.levels,
  heard() {
    if (!analyser) return null;
    const bins = new Float32Array(analyser.frequencyBinCount);
    analyser.getFloatFrequencyData(bins);
    const best = bins.reduce((found, value, index) => (value > (bins[found] ?? -Infinity) ? index : found), 0);
    return { frequencyHz: (best * listening.sampleRate) / analyser.fftSize, decibels: bins[best] ?? -Infinity };
  },
  async codecs() {
    const entries = await Promise.all(peers.map((peer) => peer.getStats()));
    return entries
      .flatMap((stats) => [...(stats.values() as Iterable<{ type: string; mimeType?: string }>)])
      .flatMap(({ type, mimeType }) => (type === 'codec' && mimeType !== undefined ? [mimeType] : []));
  },
  silence: ringer.silence,
  ringLevel() {
    const samples = new Float32Array(ringMeter.fftSize);
    ringMeter.getFloatTimeDomainData(samples);
    return Math.max(...samples.map(Math.abs));
  },
};
Object.assign(window, { softphone: page });
