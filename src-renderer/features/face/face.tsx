import { useEffect, useRef, useState } from 'react';
import type { Character } from '../../../src-preload/contract/index.ts';
import { useServices, useView } from '../../app/services.ts';
import { classNames } from '../../ui/class-names.ts';
import { drawingOf } from './drawing-of.ts';
import { stillUrl } from './still.ts';

interface FaceProps {
  character: Character | undefined;
  /** Picture while `character` is not known yet. */
  firstStill?: string;
  /** Description for screen readers; '' where the name stands beside it. */
  alt: string;
  /** Moves and speaks; otherwise it is the portrait alone. At most one face of a page should. */
  live: boolean;
  /** It is the one on the stage, of which clips are made. */
  recordable?: boolean;
  className?: string;
}

/**
 * A face: the portrait, and over it the moving picture as soon as its first frame is there. Where nothing can be drawn (no WebGL, no file) the portrait
 * stays, and nothing gets in the way.
 */
export function Face({ character, firstStill, alt, live, recordable = false, className }: FaceProps) {
  // Another try after the graphics were taken away needs a canvas that was never used.
  const [attempt, setAttempt] = useState(0);
  const still = character ? stillUrl(character) : firstStill;
  return (
    <>
      {still !== undefined && <img key={still} src={still} alt={alt} className={classNames('portrait', className)} draggable={false} />}
      {live && character && (
        <LiveFace
          key={`${drawingOf(character)} ${recordable} ${attempt}`}
          character={character}
          recordable={recordable}
          onRetry={() => setAttempt((before) => before + 1)}
          className={className}
        />
      )}
    </>
  );
}

interface LiveFaceProps {
  character: Character;
  recordable: boolean;
  onRetry: () => void;
  className: string | undefined;
}

/** One canvas, for one drawing: see `drawingOf` for what makes another one. */
function LiveFace({ character, recordable, onRetry, className }: LiveFaceProps) {
  const services = useServices();
  const visible = useView((state) => state.visible);
  const canvasRef = useRef<HTMLCanvasElement>(null);
  const faceRef = useRef<{ setPaused(paused: boolean): void }>(undefined);
  const [drawn, setDrawn] = useState(false);
  const latest = useRef({ character, onRetry });
  useEffect(() => {
    latest.current = { character, onRetry };
  });

  useEffect(() => {
    const canvas = canvasRef.current;
    if (!canvas) return undefined;
    const ending = new AbortController();
    const whenIdle = requestIdleCallback(
      () =>
        void import('./mount-face.ts')
          .then(({ mountFace }) =>
            mountFace({
              services,
              canvas,
              character: latest.current.character,
              current: () => latest.current.character,
              recordable,
              onDrawn: setDrawn,
              retry: () => latest.current.onRetry(),
              signal: ending.signal,
            }),
          )
          .then((face) => {
            faceRef.current = face;
          })
          // The portrait stays. Why it does not move is in the console for those who look for it.
          .catch((error: unknown) => ending.signal.aborted || console.warn('The face does not move:', error)),
      // The first picture and the first words come before the first movement.
      { timeout: 1500 },
    );
    return () => {
      cancelIdleCallback(whenIdle);
      ending.abort();
      faceRef.current = undefined;
    };
  }, [services, recordable]);
  useEffect(() => faceRef.current?.setPaused(!visible), [visible]);

  return <canvas ref={canvasRef} data-drawn={drawn} aria-hidden="true" className={classNames('portrait live-face', className)} />;
}
