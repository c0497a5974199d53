import type { Bridge, PortraitMotionMessage, PortraitPictureMessage, PortraitSquare } from '../../../src-preload/contract/index.ts';
import { parsePortraitMessage } from '../../../src-preload/contract/portrait-port.ts';
import { CallError } from '../../bridge/index.ts';
import type { BodyFailure } from '../face-body.ts';

/** The line to the worker that paints a character's face with LivePortrait. */
export interface LiveLine {
  square: PortraitSquare;
  /** Of motion that could not be sent yet only the newest is. */
  send(message: PortraitMotionMessage): void;
  listen(listeners: { onPicture: (picture: PortraitPictureMessage) => void; onEnd: (failure: BodyFailure) => void }): void;
  close(): void;
}

/** Opens the line of a character. Rejects with a {@link BodyFailure}. */
export type OpenLiveLine = (characterId: string) => Promise<LiveLine>;

const CODES = ['face.no-gpu', 'face.weights-missing', 'face.weights-wrong', 'face.out-of-memory'] as const;

/** The line over the bridge of the page. */
export function liveLines(bridge: Pick<Bridge, 'call' | 'openAudioPort'>): OpenLiveLine {
  return async (characterId) => {
    const { portraitId, square } = await bridge.call('portrait.open', { characterId }).catch((error: unknown) => {
      throw failureOf(error);
    });
    let port: MessagePort | undefined;
    let waiting: PortraitMotionMessage | undefined;
    let listeners: Parameters<LiveLine['listen']>[0] | undefined;

    const receive = ({ data }: MessageEvent<unknown>): void => {
      const message = typeof data === 'object' && data !== null ? parsePortraitMessage(data) : undefined;
      if (message?.type === 'portrait.picture') listeners?.onPicture(message);
      if (message?.type === 'portrait.failed') listeners?.onEnd(failureOf(message));
    };
    const stop = bridge.openAudioPort(portraitId, 'portrait', (opened) => {
      port?.close();
      port = opened;
      opened.addEventListener('message', receive);
      opened.addEventListener('close', () => {
        if (port === opened) listeners?.onEnd(stopped());
      });
      opened.start();
      if (waiting) opened.postMessage(waiting);
      waiting = undefined;
    });
    return {
      square,
      send(message) {
        if (port) port.postMessage(message);
        else waiting = message;
      },
      listen(next) {
        listeners = next;
      },
      close() {
        listeners = undefined;
        stop();
        port?.close();
        port = undefined;
        // When the core is gone, so is the portrait.
        bridge.call('portrait.close', { portraitId }).catch(() => undefined);
      },
    };
  };
}

/** What the stage says when pictures stop for a reason that nobody told. */
export function stopped(): BodyFailure {
  return {
    code: 'face.live-stopped',
    message: 'LivePortrait stopped painting. The character is drawn by its mesh; changing to another one and back tries again.',
  };
}

function failureOf(error: unknown): BodyFailure {
  const { code, message } = error instanceof CallError ? error : (error as { code?: unknown; message?: unknown });
  const known = CODES.find((each) => each === code);
  return known ? { code: known, message: String(message) } : stopped();
}
