import type { i18n } from 'i18next';
import type { EventPayload, SessionSnapshot } from '../../src-preload/contract/index.ts';
import { mayCueSound, type Cue, type SoundsSetting } from '../audio/cues.ts';
import { settingOf } from '../stores/settings-store.ts';
import type { Actions } from './actions.ts';
import { toggleCallMute } from './call-actions.ts';
import { joinSoftphone } from './join-softphone.ts';
import { keepTitle } from './keep-title.ts';
import { keepMode, keepVoice } from './keep-voice.ts';
import type { Services } from './services.ts';

/** Joins the page's parts once they exist: settings to audio, session to microphone and cues, tray and shortcut to actions. Runs as long as the page. */
export function joinParts(services: Services, actions: Actions, words: i18n): void {
  const { bridge, core, session, chat, settings, hands, voice, view } = services;
  settings.subscribe(() => applyAudioSettings(services));
  keepMode(services);
  const { staysMuted, pause } = keepVoice(services, actions);
  joinSoftphone(services, pause);
  keepTitle(words, services);
  session.subscribe(({ session: now }, { session: before }) => {
    const cue = cueOf(before, now);
    if (cue && !(cue === 'listening' && staysMuted())) soundCue(services, cue);
    // Spoken words have made a conversation while a new, empty one was on screen.
    if (now.conversationId !== before.conversationId && now.conversationId !== null && chat.getState().currentId === null)
      chat.getState().open(now.conversationId).catch(view.getState().fail);
  });
  core.subscribe(({ snapshot: now }, { snapshot: before }) => {
    const known = new Set(before?.notices.map((notice) => notice.id));
    if (before && now?.notices.some((notice) => notice.level === 'needs-you' && !known.has(notice.id))) soundCue(services, 'needs-you');
  });
  hands.subscribe(({ approvals: now }, { approvals: before }) => {
    if (now.some((approval) => !before.includes(approval)) && now.length >= before.length) soundCue(services, 'needs-you');
  });
  voice.state.subscribe(({ session: state }) => state === 'running' && finishFirstRun(services));
  chat.subscribe(({ messages }) => messages.length > 0 && finishFirstRun(services));
  bridge.on('face.window', ({ open }) => view.setState({ faceWindowOpen: open }));
  hostFaceWindowWhenOpen(services, words);
  bridge.on('shell.visible', ({ visible }) => view.setState({ visible }));
  bridge.on('shell.command', ({ command }) => obeyShell(command, services, actions));
}

const nothing = (): void => undefined;

/** The small window draws what this page tells it; the code for that is loaded when it is first opened. */
function hostFaceWindowWhenOpen(services: Services, words: i18n): void {
  const { view } = services;
  let stop = nothing;
  view.subscribe(({ faceWindowOpen }, before) => {
    if (faceWindowOpen === before.faceWindowOpen) return;
    stop();
    stop = nothing;
    if (!faceWindowOpen) return;
    import('../features/face/face-window-host.ts').then(({ hostFaceWindow }) => {
      // It may have been closed, and opened again, meanwhile.
      stop();
      if (view.getState().faceWindowOpen) stop = hostFaceWindow(services, words);
    }, view.getState().fail);
  });
}

/** Asks for everything the first screen needs. The session starts by itself where that asks nobody for anything. */
export async function loadFirst(services: Services, actions: Actions): Promise<void> {
  const { bridge, core, session, chat, settings, characters, hands, kill, phone, missedCalls, view } = services;
  const sessionLoaded = session.getState().load();
  // Not before the session has said who is on the stage, and not in the way of the conversation: the stage has a picture already.
  sessionLoaded.then(() => characters.getState().load()).catch(view.getState().fail);
  // Whether everything is stopped is said before anything else.
  kill.getState().load().catch(view.getState().fail);
  hands.getState().loadApprovals().catch(view.getState().fail);
  phone.getState().load().catch(view.getState().fail);
  missedCalls.getState().load().catch(view.getState().fail);
  await Promise.all([core.getState().load(), settings.getState().load(), sessionLoaded, chat.getState().loadConversations()]);
  const latest = chat.getState().conversations[0];
  if (latest && isRecent(latest.updatedAtMs)) chat.getState().open(latest.id).catch(view.getState().fail);
  if (core.getState().snapshot?.firstRun === false && (bridge.door === 'window' || (await microphoneAllowed()))) actions.startSession();
}

/** The first run is over with the first word, however it was spoken or typed. */
function finishFirstRun({ bridge, core, view }: Services): void {
  const { snapshot } = core.getState();
  if (!snapshot?.firstRun) return;
  core.setState({ snapshot: { ...snapshot, firstRun: false } });
  bridge.call('app.finishFirstRun', {}).catch(view.getState().fail);
}

/** A conversation goes on where it was left within the hour; later a new one begins. */
const GOES_ON_WITHIN_MS = 3_600_000;

function isRecent(updatedAtMs: number): boolean {
  return Date.now() - updatedAtMs < GOES_ON_WITHIN_MS;
}

async function microphoneAllowed(): Promise<boolean> {
  try {
    return (await navigator.permissions.query({ name: 'microphone' })).state === 'granted';
  } catch {
    return false;
  }
}

function applyAudioSettings({ settings, voice }: Services): void {
  const state = settings.getState();
  voice.configureMicrophone({
    device: settingOf(state, 'talk.microphone', ''),
    echoCancellation: settingOf(state, 'talk.echoCancellation', true),
    noiseSuppression: settingOf(state, 'talk.noiseSuppression', true),
    autoGainControl: settingOf(state, 'talk.autoGainControl', true),
  });
  voice.setSpeaker(settingOf(state, 'voice.speaker', ''));
  voice.setVolume(settingOf(state, 'voice.volume', 100) / 100);
}

/** Listening: a session opened, the mute ended or the key went down. Done: the owner's words were taken. */
function cueOf(before: SessionSnapshot, now: SessionSnapshot): Cue | undefined {
  if (before.talk.state === 'listening' && now.talk.state === 'thinking') return 'done';
  const opened = before.talk.state === 'off' && now.talk.state === 'ready' && now.mode === 'hands-free' && !now.muted;
  const unmuted = before.muted && !now.muted && now.sessionId !== null;
  return opened || unmuted || (now.pressed && !before.pressed) ? 'listening' : undefined;
}

function soundCue({ settings, voice }: Services, cue: Cue): void {
  const sounds = settingOf(settings.getState(), 'talk.sounds', 'by-day') as SoundsSetting;
  if (mayCueSound(sounds, new Date())) voice.cue(cue);
}

function obeyShell(command: EventPayload<'shell.command'>['command'], services: Services, actions: Actions): void {
  const { session, view, phoneEnd } = services;
  const isPushToTalk = session.getState().session.mode === 'push-to-talk';
  switch (command) {
    case 'talk-toggle':
      // A tap on the key: the gesture turns it into on and off.
      if (!isPushToTalk) return actions.talk();
      actions.press.down();
      return actions.press.up();
    case 'talk-press':
      return isPushToTalk ? actions.press.down() : actions.talk();
    case 'talk-release':
      return actions.press.up();
    case 'mute-toggle':
      // The key is for whoever hears the microphone now.
      if (phoneEnd.softphone?.state.getState().calls.some(({ mode }) => mode === 'talk')) return toggleCallMute(actions.calls);
      return actions.toggleMute();
    case 'stop':
      return actions.stop();
    case 'face-toggle':
      return actions.toggleFaceWindow();
    case 'show-settings':
      return view.getState().show('settings');
    case 'show-models':
      return view.getState().show('models');
    case 'show-activity':
      return view.getState().show('activity');
    case 'new-conversation':
      return actions.newConversation();
    case 'call-answer':
    case 'call-assistant':
    case 'call-hang-up':
      return obeyCallCommand(command, services, actions);
  }
}

/** From the tray. The call may be over by the time it is clicked. */
function obeyCallCommand(
  command: 'call-answer' | 'call-assistant' | 'call-hang-up',
  { phone, phoneEnd, view }: Services,
  { calls }: Actions,
): void {
  const ringing = calls.ringing();
  if (command === 'call-answer' && ringing) return void calls.answer(ringing);
  if (command === 'call-assistant' && ringing) return void calls.letAssistantAnswer(ringing);
  if (command !== 'call-hang-up') return;
  const current = calls.current();
  if (!ringing) return current && void calls.hangUp(current);
  phoneEnd.ringer?.silence(ringing.id);
  phone.getState().reject(ringing.id, 'declined').catch(view.getState().fail);
}
