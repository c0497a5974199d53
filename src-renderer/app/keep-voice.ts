import type { SessionSnapshot } from '../../src-preload/contract/index.ts';
import type { Actions } from './actions.ts';
import type { Services } from './services.ts';
import { talkMode } from './talk-mode.ts';

/**
 * Keeps microphone and talk key in step with the session of the core, also over a lost connection. Runs as long as the page.
 *
 * A page that comes back is a new one to the core: its session is over, and the next one begins unmuted. What the owner had muted stays muted here
 * until the core knows of it; `staysMuted` tells. The same after `pause`: the owner's calls take the session away and give it back as it was.
 */
export function keepVoice(services: Services, { press }: Pick<Actions, 'press'>): { staysMuted: () => boolean; pause: () => () => void } {
  const { bridge, session, voice, view } = services;
  const { fail } = view.getState();
  let staysMuted = false;
  /** From the loss of a connection until the core's state is known again: a session that is gone by then has not been ended by anybody. */
  let isAway = false;

  const muteAgain = async (): Promise<void> => {
    try {
      await bridge.call('session.setMuted', { muted: true });
    } catch (error) {
      fail(error);
      // Lost once more: the next session is told. Refused: better no microphone than one that is in doubt.
      if (bridge.connection() === 'open') await voice.stop().catch(fail);
    }
  };

  session.subscribe(({ session: now }, { session: before }) => {
    const isAnother = now.sessionId !== before.sessionId;
    if (isAnother || now.mode !== before.mode || (isLetGo(now, before) && !press.isReleasing())) press.reset();
    // The core ended it: the microphone must not stay open for nobody.
    const isOver = before.sessionId !== null && now.sessionId === null && !isAway;
    if (isOver) voice.stop().catch(fail);
    if (isOver || now.muted) staysMuted = false;
    voice.setMuted(now.muted || staysMuted);
    if (staysMuted && isAnother && now.sessionId !== null) void muteAgain();
  });

  const comeBack = async (): Promise<void> => {
    try {
      await Promise.all([services.settings.getState().load(), session.getState().load()]);
    } finally {
      // It may have been lost once more meanwhile.
      isAway = bridge.connection() !== 'open';
    }
    if (voice.state.getState().session === 'off') {
      staysMuted = false;
      voice.setMuted(session.getState().session.muted);
    }
    await Promise.all([voice.restart(services.chat.getState().currentId, talkMode(services.settings.getState())), readAgain(services)]);
  };
  bridge.onConnection((connection) => {
    if (connection === 'open') {
      if (isAway) comeBack().catch(fail);
      return;
    }
    isAway = true;
    staysMuted ||= session.getState().session.muted;
  });
  const pause = (): (() => void) => {
    const wasMuted = session.getState().session.muted || staysMuted;
    const release = voice.hold();
    return () => {
      if (!release()) return;
      if (wasMuted) {
        staysMuted = true;
        voice.setMuted(true);
      }
      voice.start(services.chat.getState().currentId, talkMode(services.settings.getState())).catch(fail);
    };
  };
  return { staysMuted: () => staysMuted, pause };
}

function isLetGo(now: SessionSnapshot, before: SessionSnapshot): boolean {
  return before.pressed && !now.pressed;
}

/** Nothing was repeated while the connection was lost. */
async function readAgain({ chat, models }: Services): Promise<void> {
  await chat.getState().loadConversations();
  if (models.getState().view) await models.getState().load();
  const { currentId } = chat.getState();
  if (currentId !== null) await chat.getState().open(currentId);
}

/** A session that runs follows the setting at once, wherever that was changed. One that is being opened follows as soon as it can be told. */
export function keepMode({ bridge, settings, voice, view }: Services): void {
  let isOutdated = false;
  const tell = (): void => {
    const { session } = voice.state.getState();
    // The next session begins with the mode of its time.
    if (session === 'off') isOutdated = false;
    if (session !== 'running' || !isOutdated) return;
    isOutdated = false;
    bridge.call('session.setMode', { mode: talkMode(settings.getState()) }).catch(view.getState().fail);
  };
  settings.subscribe((now, before) => {
    isOutdated ||= talkMode(now) !== talkMode(before);
    tell();
  });
  voice.state.subscribe(tell);
}
