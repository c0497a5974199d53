import { useEffect, useRef } from 'react';
import { useServices } from '../../app/services.ts';
import { drawRing, isMoving, type RingColours } from './draw-ring.ts';
import type { RingShape } from './stage-state.ts';

/** How many moments of the past the ring shows; one per frame. */
const HISTORY = 36;
/** A falling level takes its time, a rising one does not: speech stays readable. */
const FALL_PER_FRAME = 0.08;

/** The live ring around the talk button. Levels are read from the audio engine for each frame; React only hears of a new shape. */
export function VoiceRing({ shape }: { shape: RingShape }) {
  const { voice } = useServices();
  const canvasRef = useRef<HTMLCanvasElement>(null);

  useEffect(() => {
    const canvas = canvasRef.current;
    const context = canvas?.getContext('2d');
    if (!canvas || !context) return undefined;
    const levels = Array.from({ length: HISTORY }, () => 0);
    let frame = 0;
    const draw = (): void => {
      const heard = shape === 'speaking' ? voice.playbackLevel() : voice.microphoneLevel();
      levels.unshift(Math.max(heard, (levels[0] ?? 0) - FALL_PER_FRAME));
      levels.length = HISTORY;
      const calm = document.documentElement.dataset['motion'] === 'reduced';
      const side = fitToScreen(canvas, context);
      drawRing(context, side / 2, {
        shape,
        // The canvas is 1.8 times the button, see stage.css.
        radius: side / 3.6,
        levels,
        seconds: performance.now() / 1000,
        calm,
        colours: coloursOf(canvas),
      });
      if (isMoving(shape, calm)) frame = requestAnimationFrame(draw);
    };
    draw();
    const redraw = (): void => {
      cancelAnimationFrame(frame);
      draw();
    };
    const sizes = new ResizeObserver(redraw);
    sizes.observe(canvas);
    const looks = new MutationObserver(redraw);
    looks.observe(document.documentElement, { attributeFilter: ['data-theme', 'data-motion'] });
    return () => {
      cancelAnimationFrame(frame);
      sizes.disconnect();
      looks.disconnect();
    };
  }, [shape, voice]);

  return <canvas ref={canvasRef} className="voice-ring" data-ring={shape} aria-hidden="true" />;
}

/** Clears the canvas and gives it as many pixels as the screen has there. Returns its side in CSS pixels. */
function fitToScreen(canvas: HTMLCanvasElement, context: CanvasRenderingContext2D): number {
  const side = canvas.clientWidth;
  const pixels = Math.round(side * devicePixelRatio);
  if (canvas.width !== pixels) {
    canvas.width = pixels;
    canvas.height = pixels;
  }
  context.setTransform(devicePixelRatio, 0, 0, devicePixelRatio, 0, 0);
  context.clearRect(0, 0, side, side);
  return side;
}

function coloursOf(canvas: HTMLCanvasElement): RingColours {
  const style = getComputedStyle(canvas);
  const colour = (name: string): string => style.getPropertyValue(name);
  return { accent: colour('--accent'), listening: colour('--listening'), quiet: colour('--quiet'), danger: colour('--danger') };
}
