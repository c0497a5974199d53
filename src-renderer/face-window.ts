import { closeFaceSource, loadFaceSource } from './face/face-source.ts';
import { drawingOf } from './features/face/drawing-of.ts';
import { openFace } from './features/face/open-face.ts';
import { createReceivedFrames } from './features/face/received-frames.ts';
import { FACE_WINDOW_CHANNEL, type FaceWindowScene, type FromFaceWindow, type ToFaceWindow } from './features/face/face-window-messages.ts';

/*
 * The small window with the face alone. It draws the frames that the window's page sends and knows nothing else; where it cannot draw, the portrait
 * stands still.
 */
const channel = new BroadcastChannel(FACE_WINDOW_CHANNEL);
const say = (type: FromFaceWindow['type']): void => channel.postMessage({ type } satisfies FromFaceWindow);
const stage = document.getElementById('face');
if (!stage) throw new Error('face.html has lost its #face');

const still = document.createElement('img');
still.draggable = false;
const close = toolButton('M6 6l12 12M18 6L6 18', () => say('close'));
const letThrough = toolButton('M4 4l7 16 2.5-6.5L20 11zM15 15l5 5', () => say('let-through'));
const tools = document.createElement('div');
tools.className = 'tools';
tools.append(letThrough, close);
stage.append(still, tools);

let drawing: AbortController | undefined;
let drawn = '';
const frames = createReceivedFrames();

channel.addEventListener('message', ({ data }: MessageEvent<ToFaceWindow>) => {
  if (data.type === 'scene') showScene(data.scene);
  else frames.take(data.frame, performance.timeOrigin + performance.now());
});
addEventListener('keydown', (event) => {
  if (event.key === 'Escape') say('close');
});
say('hello');

function showScene({ character, still: url, shape, stopped, language, words }: FaceWindowScene): void {
  document.documentElement.lang = language;
  document.title = words.title;
  still.alt = words.title;
  still.src = url;
  if (stage) {
    stage.dataset['shape'] = shape;
    stage.dataset['stopped'] = String(stopped);
  }
  nameTool(close, words.close);
  nameTool(letThrough, words.letThrough);
  const picture = drawingOf(character);
  if (picture === drawn) return;
  drawn = picture;
  void drawAnew(character);
}

async function drawAnew(character: FaceWindowScene['character']): Promise<void> {
  drawing?.abort();
  const ending = new AbortController();
  drawing = ending;
  for (const old of document.querySelectorAll('canvas')) old.remove();
  const canvas = document.createElement('canvas');
  still.after(canvas);
  try {
    await openFace({
      canvas,
      character,
      borrow: loadFace,
      frames,
      onDrawn: () => (canvas.dataset['drawn'] = 'true'),
      onFailure: (_failure, isLast) => isLast && canvas.remove(),
      signal: ending.signal,
    });
  } catch (error) {
    if (!ending.signal.aborted) console.warn('The face does not move:', error);
  }
}

/** Nobody goes back and forth here: what was shown before is let go. */
async function loadFace(character: FaceWindowScene['character'], signal: AbortSignal) {
  const source = await loadFaceSource(character, signal);
  return { source, release: () => closeFaceSource(source) };
}

function toolButton(path: string, onClick: () => void): HTMLButtonElement {
  const button = document.createElement('button');
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  const line = document.createElementNS('http://www.w3.org/2000/svg', 'path');
  svg.setAttribute('viewBox', '0 0 24 24');
  svg.setAttribute('aria-hidden', 'true');
  line.setAttribute('d', path);
  svg.append(line);
  button.type = 'button';
  button.append(svg);
  button.addEventListener('click', onClick);
  return button;
}

function nameTool(button: HTMLButtonElement, name: string): void {
  button.title = name;
  button.setAttribute('aria-label', name);
}
