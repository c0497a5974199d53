import type { Bridge, PhoneCall } from '../../src-preload/contract/index.ts';
import type { RingSound } from './ring-sound.ts';
import type { RingTone } from './ring-tones.ts';
import type { Ringer } from './softphone-port.ts';

export interface RingerDeps {
  bridge: Pick<Bridge, 'on'>;
  sound: RingSound;
  nowMs?: () => number;
}

/**
 * Rings for every call that the core says is ringing; whether one rings at all (quiet hours, blocked, screened), and how loud, is decided there. When the
 * owner asks for quiet, what rings now ends; who rings after that is somebody the core lets through.
 */
export function createRinger({ bridge, sound, nowMs = Date.now }: RingerDeps): Ringer {
  /** By call: whether it rings quietly. */
  const ringing = new Map<string, boolean>();
  /** Clicked away here; until the core says that they ring no more. */
  const silenced = new Set<string>();
  let isOn = false;
  let sounding: { tone: RingTone; stop: () => void } | undefined;

  const refresh = (): void => {
    const loudnesses = !isOn ? [] : [...ringing].flatMap(([callId, quietly]) => (silenced.has(callId) ? [] : [quietly]));
    const tone = loudnesses.length === 0 ? undefined : loudnesses.every(Boolean) ? 'waiting' : 'incoming';
    if (tone === sounding?.tone) return;
    sounding?.stop();
    sounding = tone === undefined ? undefined : { tone, stop: sound.play(tone) };
  };

  const follow = ({ id, direction, state }: PhoneCall): void => {
    // While the assistant asks who it is, nobody is to be called to the window.
    if (direction === 'in' && state.state === 'ringing' && !state.screening) ringing.set(id, state.quietly ?? false);
    else {
      ringing.delete(id);
      silenced.delete(id);
    }
    refresh();
  };
  const stops = [
    bridge.on('phone.call', follow),
    bridge.on('phone.status', ({ state, quietUntilMs }) => {
      if (quietUntilMs !== null && quietUntilMs > nowMs()) for (const callId of ringing.keys()) silenced.add(callId);
      // An exchange that is gone takes its calls along.
      if (state === 'off' || state === 'broken') ringing.clear();
      refresh();
    }),
  ];

  return {
    know(calls) {
      for (const callId of ringing.keys()) if (!calls.some(({ id }) => id === callId)) ringing.delete(callId);
      for (const callId of silenced) if (!ringing.has(callId)) silenced.delete(callId);
      for (const call of calls) follow(call);
      refresh();
    },
    setOn(on) {
      isOn = on;
      refresh();
    },
    silence(callId) {
      if (ringing.has(callId)) silenced.add(callId);
      refresh();
    },
    setVolume: sound.setVolume,
    setSpeaker: sound.setSpeaker,
    dispose() {
      for (const stop of stops) stop();
      ringing.clear();
      refresh();
      sound.dispose();
    },
  };
}
