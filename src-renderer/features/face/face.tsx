import { useEffect, useRef, useState } from 'react';
import type { Character } from '../../../src-preload/contract/index.ts';
import { useServices, useView } from '../../app/services.ts';
import { classNames } from '../../ui/class-names.ts';
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
  const still = character ? stillUrl(character) : firstStill;
  return (
    <>
      {still !== undefined && <img key={still} src={still} alt={alt} className={classNames('portrait', className)} draggable={false} />}
      {live && character && <LiveFace key={drawingOf(character)} character={character} recordable={recordable} className={className} />}
    </>
  );
}

/** What a moving face is made of. The rest of a character (its words, its voice) may change without it being loaded anew. */
function drawingOf({ id, portrait, model, renderer }: Character): string {
  return JSON.stringify([id, portrait.hash, model, renderer]);
}

function LiveFace({ character, recordable, className }: { character: Character; recordable: boolean; className?: string | undefined }) {
  const services = useServices();
  const visible = useView((state) => state.visible);
  const canvasRef = useRef<HTMLCanvasElement>(null);
  const faceRef = useRef<{ setPaused(paused: boolean): void }>(undefined);
  const [drawn, setDrawn] = useState(false);
  // The one whose face was loaded; see `drawingOf` for what makes another face of it.
  const [first] = useState(character);

  useEffect(() => {
    const canvas = canvasRef.current;
    if (!canvas) return undefined;
    const ending = new AbortController();
    const whenIdle = requestIdleCallback(
      () =>
        void import('./mount-face.ts')
          .then(({ mountFace }) => mountFace({ services, canvas, character: first, recordable, onDrawn: setDrawn, signal: ending.signal }))
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
  }, [services, first, recordable]);
  useEffect(() => faceRef.current?.setPaused(!visible), [visible]);

  return <canvas ref={canvasRef} data-drawn={drawn} aria-hidden="true" className={classNames('portrait live-face', className)} />;
}
