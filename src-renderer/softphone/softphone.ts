import { createStore } from 'zustand/vanilla';
import type { Bridge } from '../../src-preload/contract/index.ts';
import { EXCHANGE_PATH } from '../../src-preload/contract/wire-paths.ts';
import { CallError, socketUrl } from '../bridge/index.ts';
import { meterValue } from '../audio/level.ts';
import { createCallDesk } from './call-desk.ts';
import { createCallMedia, createLoopbackPeer } from './call-media.ts';
import { createCallMicrophone } from './call-microphone.ts';
import { createCallOutput } from './call-output.ts';
import { keepLine } from './line-keeper.ts';
import type { OpenSipLine } from './sip-line.ts';
import type { Softphone, SoftphoneState } from './softphone-port.ts';

export interface SoftphoneDeps {
  bridge: Pick<Bridge, 'door' | 'call' | 'on' | 'onConnection'>;
  mediaDevices: MediaDevices;
  loadLine?: () => Promise<OpenSipLine>;
  createPeer?: () => RTCPeerConnection;
}

/**
 * A page of the owner's as a telephone. Does nothing until the exchange is there; then registers and keeps registered, unless another page does.
 */
export function createSoftphone({
  bridge,
  mediaDevices,
  loadLine = loadSipLine,
  createPeer = createLoopbackPeer,
}: SoftphoneDeps): Softphone {
  const state = createStore<SoftphoneState>()(() => ({
    line: { state: 'off' },
    calls: [],
    muted: false,
    microphone: 'off',
    replaced: null,
  }));
  const output = createCallOutput({ mediaDevices, createPlayer: () => new Audio() });
  const microphone = createCallMicrophone({
    mediaDevices,
    onTrack(track) {
      if (track) track.enabled = !state.getState().muted;
      desk.useTrack(track);
    },
    onState: (next) => state.setState({ microphone: next }),
    onReplaced: (replaced) => state.setState({ replaced }),
  });
  const desk = createCallDesk({
    createMedia: (callbacks) => createCallMedia({ createPeer, nowMs, ...callbacks }),
    play: output.play,
    onMicrophoneWanted: (wanted) => (wanted ? microphone.open() : microphone.close()),
    // A mute is of the conversation it was meant for, and so is what was said about its microphone.
    onCalls: (calls) => state.setState({ calls, ...(calls.length === 0 ? { muted: false, replaced: null } : {}) }),
    onFinding: (callId, sound, atMs) =>
      void bridge.call('phone.reportSoftphone', { registered: isRegistered(), callId, sound, atMs }).catch(() => undefined),
    isMuted: () => state.getState().muted,
    onMuted: setMuted,
    nowMs,
  });
  function setMuted(muted: boolean): void {
    state.setState({ muted });
    const track = microphone.track();
    if (track) track.enabled = !muted;
  }
  let device = '';
  const isRegistered = (): boolean => state.getState().line.state === 'registered';
  const stopFollowing = bridge.on('phone.call', desk.follow);
  const keeper = keepLine({
    bridge,
    exchangeUrl: bridge.door === 'browser' ? socketUrl(document.baseURI, EXCHANGE_PATH) : undefined,
    loadLine,
    onLine: (line) => state.setState({ line }),
    onInvite: desk.invite,
    onLost: desk.hangUpAll,
  });

  return {
    state,
    accept: desk.accept,
    takeOver: keeper.takeOver,
    hangUp: desk.hangUp,
    setMuted,
    async sendDigits(callId, digits) {
      if (!(await desk.sendDigits(callId, digits))) throw new CallError(NO_CALL);
    },
    configure(wishes) {
      if (wishes.microphone.device !== device) state.setState({ replaced: null });
      ({ device } = wishes.microphone);
      microphone.configure(wishes.microphone);
      output.setDevice(wishes.speaker);
      output.setVolume(wishes.volume);
    },
    levels() {
      const { here, there } = desk.levels();
      return { here: meterValue(here), there: meterValue(there) };
    },
    dispose() {
      desk.dispose();
      stopFollowing();
      keeper.dispose();
      microphone.dispose();
      output.dispose();
    },
  };
}

const NO_CALL = { code: 'phone.no-call', message: 'This call is over, or its sound is not in this window.', details: {} };

async function loadSipLine(): Promise<OpenSipLine> {
  return (await import('./sip-line.ts')).openSipLine;
}

/** Calendar time, finer than `Date.now`. */
function nowMs(): number {
  return performance.timeOrigin + performance.now();
}
