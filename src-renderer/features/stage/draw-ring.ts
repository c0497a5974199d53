import type { RingShape } from './stage-state.ts';

/** Colours as the theme has them now. */
export interface RingColours {
  accent: string;
  listening: string;
  quiet: string;
  danger: string;
}

export interface RingFrame {
  shape: RingShape;
  /** Radius of the resting ring and of the button inside, CSS pixels. */
  radius: number;
  /** Loudness of the last moments, newest first, 0..1. */
  levels: readonly number[];
  /** Runs on; turns the sweep. */
  seconds: number;
  /** Reduced motion, or no graphics card to draw it: nothing turns, only the level is followed. */
  calm: boolean;
  colours: RingColours;
}

const TURN = Math.PI * 2;
const TOP = -Math.PI / 2;
/** Lower right: where the working hand sits, or the handset. */
const HAND_PLACE = Math.PI / 4;

/** Draws one picture of the ring around the middle of a square canvas. The context is clear and scaled to CSS pixels. */
export function drawRing(context: CanvasRenderingContext2D, centre: number, frame: RingFrame): void {
  context.save();
  context.translate(centre, centre);
  context.lineCap = 'round';
  SHAPES[frame.shape](context, frame);
  context.restore();
}

/** Whether the shape changes from frame to frame. */
export function isMoving(shape: RingShape, calm: boolean): boolean {
  return shape === 'listening' || shape === 'speaking' || shape === 'ready' || ((shape === 'thinking' || shape === 'ringing') && !calm);
}

const SHAPES: Record<RingShape, (context: CanvasRenderingContext2D, frame: RingFrame) => void> = {
  /** Still; in hands-free mode a hint of the room's sound shows that the microphone is alive. */
  ready(context, { radius, levels, colours }) {
    stroke(context, colours.accent, 3, radius);
    const level = levels[0] ?? 0;
    if (level > 0.02) stroke(context, colours.accent, 1.5, radius + 6 + level * 10, 0.5);
  },

  /** Rays that grow with the voice and run from the foot up both sides: sound coming in. */
  listening(context, { radius, levels, colours }) {
    stroke(context, colours.listening, 2.5, radius);
    const rays = 72;
    context.strokeStyle = colours.listening;
    context.lineWidth = 2.5;
    for (let ray = 0; ray < rays; ray += 1) {
      const side = Math.abs(ray - rays / 2) / (rays / 2);
      const level = levels[Math.round((1 - side) * (levels.length - 1))] ?? 0;
      const angle = TOP + (ray / rays) * TURN;
      const from = radius + 6;
      const to = from + 2 + level * radius * 0.42;
      context.beginPath();
      context.moveTo(Math.cos(angle) * from, Math.sin(angle) * from);
      context.lineTo(Math.cos(angle) * to, Math.sin(angle) * to);
      context.stroke();
    }
  },

  /** A slow sweep; without motion an open ring with three points. */
  thinking(context, { radius, seconds, calm, colours }) {
    stroke(context, colours.quiet, 2, radius, 0.45);
    if (calm) {
      context.fillStyle = colours.accent;
      for (const offset of [-0.3, 0, 0.3]) {
        context.beginPath();
        context.arc(Math.cos(TOP + offset) * radius, Math.sin(TOP + offset) * radius, 4, 0, TURN);
        context.fill();
      }
      return;
    }
    const head = TOP + (seconds / 2.6) * TURN;
    const pieces = 24;
    for (let piece = 0; piece < pieces; piece += 1) {
      const from = head - ((piece + 1) / pieces) * 1.9;
      arc(context, colours.accent, 4 - (piece / pieces) * 2.5, radius, from, from + 1.9 / pieces + 0.02, 1 - piece / pieces);
    }
  },

  /** Waves that leave the ring with its voice: sound going out. */
  speaking(context, { radius, levels, colours }) {
    const level = levels[0] ?? 0;
    stroke(context, colours.accent, 3 + level * 5, radius);
    stroke(context, colours.accent, 2, radius + 7 + (levels[2] ?? 0) * radius * 0.22, 0.55);
    stroke(context, colours.accent, 1.5, radius + 13 + (levels[4] ?? 0) * radius * 0.34, 0.3);
  },

  /** A ring that is open where the hand sits, see talk-button.tsx. */
  working(context, { radius, colours }) {
    arc(context, colours.listening, 3, radius, HAND_PLACE + 0.5, HAND_PLACE - 0.5 + TURN);
  },

  /** Waves to both sides, as a bell has them, that come and go in the time of a ring tone. */
  ringing(context, { radius, seconds, calm, colours }) {
    arc(context, colours.listening, 3, radius, HAND_PLACE + 0.5, HAND_PLACE - 0.5 + TURN);
    for (const [wave, side] of [
      [1, 0],
      [2, 0],
      [1, Math.PI],
      [2, Math.PI],
    ] as const) {
      const strength = calm ? 1 : Math.max(0, Math.sin(seconds * 4 - wave));
      arc(context, colours.listening, 2.5, radius + wave * 8, side - 0.45, side + 0.45, 0.25 + strength * 0.75);
    }
  },

  /** Open where the handset sits, with a second ring around it: somebody is at the other end. */
  call(context, { radius, colours }) {
    arc(context, colours.listening, 3, radius, HAND_PLACE + 0.5, HAND_PLACE - 0.5 + TURN);
    arc(context, colours.listening, 1.5, radius + 8, HAND_PLACE + 0.5, HAND_PLACE - 0.5 + TURN, 0.5);
  },

  /** The sign that every road has for it: eight corners, struck through. */
  stopped(context, { radius, colours }) {
    context.strokeStyle = colours.danger;
    context.lineWidth = 3.5;
    context.lineJoin = 'round';
    const reach = radius + 7;
    context.beginPath();
    for (let corner = 0; corner < 8; corner += 1) {
      const angle = TURN / 16 + (corner / 8) * TURN;
      context.lineTo(Math.cos(angle) * reach, Math.sin(angle) * reach);
    }
    context.closePath();
    context.moveTo(-reach * Math.SQRT1_2, reach * Math.SQRT1_2);
    context.lineTo(reach * Math.SQRT1_2, -reach * Math.SQRT1_2);
    context.stroke();
  },

  /** Two bars cut out of the ring, as on every player. */
  paused(context, { radius, colours }) {
    for (const start of [TOP + 0.35, TOP + Math.PI + 0.35]) arc(context, colours.accent, 3, radius, start, start + Math.PI - 0.7);
  },

  muted(context, { radius, colours }) {
    stroke(context, colours.quiet, 2.5, radius);
    context.strokeStyle = colours.danger;
    context.lineWidth = 3.5;
    const reach = (radius + 14) * Math.SQRT1_2;
    context.beginPath();
    context.moveTo(-reach, reach);
    context.lineTo(reach, -reach);
    context.stroke();
  },

  off(context, { radius, colours }) {
    stroke(context, colours.quiet, 2, radius, 0.6);
  },

  /** Grey and in pieces. */
  broken(context, { radius, colours }) {
    for (let piece = 0; piece < 12; piece += 1) {
      const start = TOP + (piece / 12) * TURN;
      arc(context, colours.quiet, 2.5, radius, start, start + 0.3);
    }
  },
};

function stroke(context: CanvasRenderingContext2D, colour: string, width: number, radius: number, alpha = 1): void {
  arc(context, colour, width, radius, 0, TURN, alpha);
}

function arc(context: CanvasRenderingContext2D, colour: string, width: number, radius: number, from: number, to: number, alpha = 1): void {
  context.globalAlpha = alpha;
  context.strokeStyle = colour;
  context.lineWidth = width;
  context.beginPath();
  context.arc(0, 0, radius, from, to);
  context.stroke();
  context.globalAlpha = 1;
}
