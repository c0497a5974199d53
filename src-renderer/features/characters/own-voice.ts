import type { Bridge, TalkState } from '../../../src-preload/contract/index.ts';
import type { Services } from '../../app/services.ts';

/** The sample that was tried last: whose it is, and what it is spoken as. */
let tried: { characterId: string; utteranceId: string } | undefined;
let stopWaiting: (() => void) | undefined;

/** A sample that did not begin by then will not; what begins later is an answer. Voices that are copied may have to be loaded first. */
const BEGINS_WITHIN_MS = 20_000;

/** The next speech that begins is this character's sample. To be called before it is asked for; the returned function takes it back. */
export function expectSample(bridge: Pick<Bridge, 'on'>, characterId: string): () => void {
  stopWaiting?.();
  const stopListening = bridge.on('playback.command', ({ command, utteranceId }) => {
    if (command !== 'start') return;
    tried = { characterId, utteranceId };
    stop();
  });
  const timer = setTimeout(stopListening, BEGINS_WITHIN_MS);
  const stop = (): void => {
    clearTimeout(timer);
    stopListening();
  };
  stopWaiting = stop;
  return stop;
}

/** The page's services for a face that may be seen while another character speaks: it speaks its own sample, and the answers only when it is in use. */
export function withOwnVoice(services: Services, characterId: string): Services {
  const { session, voice } = services;
  const heardAt: Services['voice']['heardAt'] = (atMs) => {
    const speech = voice.heardAt(atMs);
    return speech && isOwn(speech.utteranceId) ? speech : undefined;
  };
  const isOwn = (utteranceId: string): boolean =>
    (tried?.utteranceId === utteranceId ? tried.characterId : session.getState().session.characterId) === characterId;
  const talk = (now: TalkState): TalkState => {
    if (now.state !== 'speaking') return now;
    const speech = voice.heardAt(performance.timeOrigin + performance.now());
    return speech && !isOwn(speech.utteranceId) ? { state: 'ready' } : now;
  };
  return {
    ...services,
    voice: { ...voice, heardAt },
    session: {
      ...session,
      getState() {
        const state = session.getState();
        return { ...state, session: { ...state.session, talk: talk(state.session.talk) } };
      },
    },
  };
}
