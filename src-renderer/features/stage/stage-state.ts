import type { AppSnapshot, Connection, KillState, Part, PhoneCall, SessionSnapshot } from '../../../src-preload/contract/index.ts';
import { assertNever } from '../../assert-never.ts';
import type { AudioState } from '../../audio/voice-io.ts';

/** The ring's shape: states are told apart without colour. */
export type RingShape =
  | 'ready'
  | 'listening'
  | 'thinking'
  | 'speaking'
  | 'working'
  | 'ringing'
  | 'call'
  | 'paused'
  | 'muted'
  | 'off'
  | 'broken'
  | 'stopped';

/** Sentence under the ring: `stage.state.<words>.title` and `.hint` of the catalogues. */
export type StageWords =
  | 'starting'
  | 'offline'
  | 'refused'
  | 'off'
  | 'loading'
  | 'noMicrophone'
  | 'denied'
  | 'microphoneEnded'
  | 'stalled'
  | 'unavailable'
  | 'needsGesture'
  | 'recognitionBroken'
  | 'languageBroken'
  | 'languageMissing'
  | 'restarting'
  | 'readyHandsFree'
  | 'readyPushToTalk'
  | 'listening'
  | 'listeningPressed'
  | 'stopped'
  | 'stoppedPart'
  | 'languageCut'
  | 'working'
  | 'callRings'
  | 'callDials'
  | 'callOwn'
  | 'callMuted'
  | 'callHeld'
  | 'callListening'
  | 'callAssistant'
  | 'callElsewhere'
  | 'thinking'
  | 'speaking'
  | 'paused'
  | 'muted';

/** The one button of a state that needs help. */
export type StageRemedy =
  | { action: 'restart-part'; part: 'recognition' | 'language' | 'synthesis' }
  | { action: 'choose-microphone' | 'allow-microphone' | 'open-models' };

export interface StageState {
  ring: RingShape;
  words: StageWords;
  remedy?: StageRemedy;
  /** Name of the tool at work, as people know it. */
  tool?: string;
  /** What it is about, where it is about a call. */
  call?: PhoneCall;
}

export interface StageInput {
  connection: Connection;
  snapshot: AppSnapshot | undefined;
  session: SessionSnapshot;
  audio: Pick<AudioState, 'session' | 'microphone' | 'needsGesture'>;
  kill?: Pick<KillState, 'level' | 'languageCutOff'> | undefined;
  /** Name of the tool that the answer waits for. */
  tool?: string | undefined;
  /** The call that rings, and the one under way; of several the one that the bar shows. */
  calls?: { ringing: PhoneCall | undefined; current: PhoneCall | undefined };
  /** This page is the telephone: the owner's calls are spoken here. */
  isTelephone?: boolean;
}

/** One answer to "is it listening to me?", worst news first. */
export function stageStateOf(input: StageInput): StageState {
  return (
    connectionTrouble(input) ??
    stopped(input) ??
    ownCall(input) ??
    ringingCall(input) ??
    partTrouble(input) ??
    microphoneTrouble(input) ??
    otherCall(input) ??
    turnState(input)
  );
}

/** The owner is on the telephone here: the assistant does not listen, whatever else is the case. */
function ownCall({ calls, isTelephone = false }: StageInput): StageState | undefined {
  const call = calls?.current;
  if (!call || !isTelephone || call.state.state !== 'talking') return undefined;
  const { by, muted, held, listening } = call.state;
  if (by === 'owner') {
    if (held && !call.state.consulting) return { ring: 'call', words: 'callHeld', call };
    return muted ? { ring: 'muted', words: 'callMuted', call } : { ring: 'call', words: 'callOwn', call };
  }
  return listening ? { ring: 'call', words: 'callListening', call } : undefined;
}

/** Who talks to the assistant sees that it listens, thinks and speaks; the ringing is in view without the ring. */
function ringingCall({ calls, session, tool }: StageInput): StageState | undefined {
  const call = calls?.ringing;
  return call && isIdle(session) && tool === undefined ? { ring: 'ringing', words: 'callRings', call } : undefined;
}

function otherCall({ calls, session, tool }: StageInput): StageState | undefined {
  const call = calls?.current;
  if (!call || !isIdle(session) || tool !== undefined) return undefined;
  if (call.state.state === 'dialing') return { ring: 'ringing', words: 'callDials', call };
  if (call.state.state !== 'talking') return undefined;
  const { by } = call.state;
  return { ring: 'call', words: by === 'owner' || by === 'mobile' ? 'callElsewhere' : 'callAssistant', call };
}

function isIdle({ talk }: SessionSnapshot): boolean {
  return talk.state === 'ready' || talk.state === 'off';
}

function connectionTrouble({ connection, snapshot }: StageInput): StageState | undefined {
  if (connection === 'refused') return { ring: 'broken', words: 'refused' };
  if (connection === 'lost') return { ring: 'broken', words: 'offline' };
  return snapshot ? undefined : { ring: 'off', words: 'starting' };
}

/** The way back is on the panel or the bar, which are there whenever this is. */
function stopped({ kill }: StageInput): StageState | undefined {
  if (!kill) return undefined;
  if (kill.level === 5) return { ring: 'stopped', words: 'stopped' };
  if (kill.level > 0) return { ring: 'stopped', words: 'stoppedPart' };
  return kill.languageCutOff ? { ring: 'stopped', words: 'languageCut' } : undefined;
}

function partTrouble({ snapshot, session }: StageInput): StageState | undefined {
  const status = (part: Part): string | undefined => snapshot?.parts.find((candidate) => candidate.part === part)?.status;
  if (status('language') === 'broken')
    return { ring: 'broken', words: 'languageBroken', remedy: { action: 'restart-part', part: 'language' } };
  if (status('language') === 'missing') return { ring: 'broken', words: 'languageMissing', remedy: { action: 'open-models' } };
  if (session.sessionId === null) return undefined;
  if (status('recognition') === 'broken')
    return { ring: 'broken', words: 'recognitionBroken', remedy: { action: 'restart-part', part: 'recognition' } };
  const isComing = status('recognition') === 'restarting' || status('recognition') === 'starting';
  return isComing && !isAnswering(session) ? { ring: 'off', words: 'restarting' } : undefined;
}

/** While an answer is under way, what matters is the answer. */
function isAnswering({ talk }: SessionSnapshot): boolean {
  return talk.state === 'thinking' || talk.state === 'speaking';
}

function microphoneTrouble({ audio, session }: StageInput): StageState | undefined {
  if (audio.session === 'off' || isAnswering(session)) return undefined;
  if (audio.needsGesture) return { ring: 'off', words: 'needsGesture' };
  switch (audio.microphone.status) {
    case 'none':
      return { ring: 'broken', words: 'noMicrophone', remedy: { action: 'choose-microphone' } };
    case 'denied':
      return { ring: 'broken', words: 'denied', remedy: { action: 'allow-microphone' } };
    case 'ended':
      return { ring: 'broken', words: 'microphoneEnded', remedy: { action: 'choose-microphone' } };
    case 'stalled':
      return { ring: 'broken', words: 'stalled', remedy: { action: 'choose-microphone' } };
    default:
      return undefined;
  }
}

function turnState({ session, audio, tool }: StageInput): StageState {
  const { talk } = session;
  // While it listens or speaks that matters more; a typed exchange has no voice session.
  if (tool !== undefined && (talk.state === 'thinking' || talk.state === 'off')) return { ring: 'working', words: 'working', tool };
  switch (talk.state) {
    case 'off':
      return offState(talk.reason, audio.session);
    case 'ready':
      if (session.muted) return { ring: 'muted', words: 'muted' };
      return { ring: 'ready', words: session.mode === 'hands-free' ? 'readyHandsFree' : 'readyPushToTalk' };
    case 'listening':
      if (session.muted) return { ring: 'muted', words: 'muted' };
      return { ring: 'listening', words: session.mode === 'push-to-talk' ? 'listeningPressed' : 'listening' };
    case 'thinking':
      return { ring: 'thinking', words: 'thinking' };
    case 'speaking':
      return talk.paused ? { ring: 'paused', words: 'paused' } : { ring: 'speaking', words: 'speaking' };
    default:
      return assertNever(talk);
  }
}

function offState(reason: Extract<SessionSnapshot['talk'], { state: 'off' }>['reason'], session: AudioState['session']): StageState {
  switch (reason) {
    case 'not-started':
      return session === 'off' ? { ring: 'off', words: 'off' } : { ring: 'off', words: 'loading' };
    case 'loading':
      return { ring: 'off', words: 'loading' };
    case 'no-microphone':
      return { ring: 'broken', words: 'noMicrophone', remedy: { action: 'choose-microphone' } };
    case 'permission-denied':
      return { ring: 'broken', words: 'denied', remedy: { action: 'allow-microphone' } };
    case 'unavailable':
      return { ring: 'broken', words: 'unavailable', remedy: { action: 'open-models' } };
    default:
      return assertNever(reason);
  }
}
