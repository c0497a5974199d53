import { useEffect, useRef } from 'react';
import { useServices } from '../../app/services.ts';
import { onFrame } from '../../ui/on-frame.ts';
import { isDrawnBySoftware } from '../../ui/rendering.ts';
import { drawRing, isMoving, type RingColours } from './draw-ring.ts';
import type { RingShape } from './stage-state.ts';

/** How many moments of the past the ring shows; one per frame. */
const HISTORY = 18;
/** A falling level takes its time, a rising one does not: speech stays readable. */
const FALL_PER_SECOND = 4.8;
/** A change that nobody sees is not drawn. */
const VISIBLE_CHANGE = 0.02;

/** The live ring around the talk button. Levels are read from the audio engine for each frame; React only hears of a new shape. */
export function VoiceRing({ shape }: { shape: RingShape }) {
  const { voice } = useServices();
  const canvasRef = useRef<HTMLCanvasElement>(null);

  useEffect(() => {
    const canvas = canvasRef.current;
    const context = canvas?.getContext('2d');
    if (!canvas || !context) return undefined;
    const levels = Array.from({ length: HISTORY }, () => 0);
    let side = 0;
    let calm = false;
    let lastMs = 0;
    let colours = coloursOf(canvas);

    const draw = (nowMs: number): void => {
      context.setTransform(devicePixelRatio, 0, 0, devicePixelRatio, 0, 0);
      context.clearRect(0, 0, side, side);
      // The canvas is 1.8 times the button, see stage.css.
      drawRing(context, side / 2, { shape, radius: side / 3.6, levels, seconds: nowMs / 1000, calm, colours });
    };
    const frame = (nowMs: number): void => {
      if (!isMoving(shape, calm)) return;
      const heard = shape === 'speaking' ? voice.playbackLevel() : voice.microphoneLevel();
      const before = levels[0] ?? 0;
      levels.unshift(Math.max(heard, before - ((nowMs - lastMs) / 1000) * FALL_PER_SECOND));
      lastMs = nowMs;
      levels.length = HISTORY;
      if (shape !== 'ready' || Math.abs((levels[0] ?? 0) - before) > VISIBLE_CHANGE) draw(nowMs);
    };
    /** Size and colours are asked for when they change, not for each frame. */
    const fit = (): void => {
      side = fitToScreen(canvas);
      colours = coloursOf(canvas);
      calm = document.documentElement.dataset['motion'] === 'reduced' || isDrawnBySoftware();
      draw(performance.now());
    };
    fit();
    const sizes = new ResizeObserver(fit);
    sizes.observe(canvas);
    const looks = new MutationObserver(fit);
    looks.observe(document.documentElement, { attributeFilter: ['data-theme', 'data-motion'] });
    const stopFrames = onFrame(frame);
    return () => {
      stopFrames();
      sizes.disconnect();
      looks.disconnect();
    };
  }, [shape, voice]);

  return <canvas ref={canvasRef} className="voice-ring" data-ring={shape} aria-hidden="true" />;
}

/** Gives the canvas as many pixels as the screen has there. Returns its side in CSS pixels. */
function fitToScreen(canvas: HTMLCanvasElement): number {
  const side = canvas.clientWidth;
  const pixels = Math.round(side * devicePixelRatio);
  if (canvas.width !== pixels) {
    canvas.width = pixels;
    canvas.height = pixels;
  }
  return side;
}

function coloursOf(canvas: HTMLCanvasElement): RingColours {
  const style = getComputedStyle(canvas);
  const colour = (name: string): string => style.getPropertyValue(name);
  return { accent: colour('--accent'), listening: colour('--listening'), quiet: colour('--quiet'), danger: colour('--danger') };
}
