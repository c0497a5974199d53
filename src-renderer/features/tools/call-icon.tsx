import {
  Ban,
  CircleCheck,
  CircleDashed,
  CircleHelp,
  CirclePlay,
  CircleSlash,
  CircleX,
  Hourglass,
  OctagonX,
  type LucideIcon,
} from 'lucide-react';
import type { ToolCallState } from '../../../src-preload/contract/index.ts';
import { classNames } from '../../ui/class-names.ts';
import { TONES, type Tone } from './call-facts.ts';

/** A shape for each state, so that it is read without its colour. */
const ICONS: Record<ToolCallState, LucideIcon> = {
  planned: CircleDashed,
  waiting: CircleHelp,
  running: CirclePlay,
  background: Hourglass,
  done: CircleCheck,
  failed: CircleX,
  refused: Ban,
  cancelled: CircleSlash,
  stopped: OctagonX,
};

const COLOURS: Record<Tone, string> = {
  quiet: 'text-quiet',
  good: 'text-listening-text',
  'needs-you': 'text-needs-you-text',
  bad: 'text-danger-text',
};

export function CallIcon({ state }: { state: ToolCallState }) {
  const Icon = ICONS[state];
  return <Icon size="1.125rem" aria-hidden="true" className={classNames('flex-none', COLOURS[TONES[state]])} />;
}
