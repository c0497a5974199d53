import type { i18n } from 'i18next';
import { isStopped } from '../../stores/kill-store.ts';
import { settingOf } from '../../stores/settings-store.ts';
import { characterOf } from '../../stores/characters-store.ts';
import type { Services } from '../../app/services.ts';
import { createFramePace } from '../../face/frame-pace.ts';
import { isDrawnBySoftware } from '../../ui/rendering.ts';
import { withOwnVoice } from '../characters/own-voice.ts';
import { faceDriverFor } from './drive-face.ts';
import { FACE_WINDOW_CHANNEL, type FaceWindowScene, type FromFaceWindow, type ToFaceWindow } from './face-window-messages.ts';
import { stillUrl } from './still.ts';
import { createFrameTeller } from './tell-frames.ts';

/** From making a frame here until it is seen there: the way, the next repaint, the drawing and the screen. */
const LEAD_MS = 60;

/** Tells the small window what to draw as long as it is open. A face at rest is told less often. Ends with the returned function. */
export function hostFaceWindow(services: Services, words: i18n): () => void {
  const { bridge, session, characters, settings, kill, view } = services;
  const channel = new BroadcastChannel(FACE_WINDOW_CHANNEL);
  const say = (message: ToFaceWindow): void => channel.postMessage(message);
  let timer: ReturnType<typeof setTimeout> | undefined;
  let shown = '';

  const showScene = (): void => {
    const character = characterOf(characters.getState(), session.getState().session.characterId);
    if (!character) return;
    const scene: FaceWindowScene = {
      character,
      still: new URL(stillUrl(character), document.baseURI).href,
      shape: settingOf(settings.getState(), 'appearance.faceWindowShape', 'portrait') === 'round' ? 'round' : 'portrait',
      stopped: isStopped(kill.getState().kill),
      language: words.language.slice(0, 2),
      words: {
        title: words.t('characters.faceWindow.title', { name: character.name }),
        close: words.t('characters.faceWindow.close'),
        letThrough: words.t('characters.faceWindow.letThrough'),
      },
    };
    const next = JSON.stringify(scene);
    if (next === shown) return;
    shown = next;
    say({ type: 'scene', scene });
    clearTimeout(timer);
    const frames = faceDriverFor(withOwnVoice(services, character.id), character);
    const periodMs = 1000 / character.renderer.fps;
    const pace = createFramePace(frames, { periodMs, isDrawnBySoftware: isDrawnBySoftware() });
    const tell = createFrameTeller(frames, pace, (frame) => say({ type: 'frame', frame }));
    const beat = (): void => {
      timer = setTimeout(beat, periodMs);
      tell(performance.timeOrigin + performance.now() + LEAD_MS);
    };
    beat();
  };

  channel.addEventListener('message', ({ data }: MessageEvent<FromFaceWindow>) => {
    switch (data.type) {
      case 'hello':
        shown = '';
        return showScene();
      case 'close':
        return void bridge.call('face.setWindow', { open: false }).catch(view.getState().fail);
      case 'let-through':
        return void settings.getState().set('appearance.faceWindowClickThrough', true).catch(view.getState().fail);
    }
  });
  showScene();
  const stops = [session.subscribe(showScene), characters.subscribe(showScene), settings.subscribe(showScene), kill.subscribe(showScene)];
  words.on('languageChanged', showScene);
  return () => {
    clearTimeout(timer);
    for (const stop of stops) stop();
    words.off('languageChanged', showScene);
    channel.close();
  };
}
