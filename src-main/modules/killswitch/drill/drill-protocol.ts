import type { KillLevel, KillState, KillTrigger } from '../../../../src-preload/contract/index.ts';
import type { Disposable } from '../../../base/dispose.ts';
import type { KillSwitchService } from '../kill-switch-service.ts';
import type { DockerTarget } from '../watchdog/docker-kill.ts';

/* Between the one who measures and the core under test, over the channel of a forked process. */

export interface CoreOptions {
  dataDirectory: string;
  /** Every effect appends a line to it: `kind name time`. Written by other processes than the core. */
  recordFile: string;
  /** Where outgoing messages arrive. */
  outgoingPort: number;
  /** A FIFO that plays the button; '' = none. */
  buttonFile: string;
  /** Folder that containers share and write their effects to; '' = no containers. */
  workspace: string;
}

export type ToCore =
  | { do: 'begin'; containers: number }
  | { do: 'trigger'; trigger: KillTrigger; level: KillLevel }
  | { do: 'errors'; count: number }
  /** Ends itself with SIGKILL when that step of writing is reached. */
  | { do: 'die-at'; step: string }
  | { do: 'lift' }
  | { do: 'clear' }
  | { do: 'state' }
  | { do: 'end' };

export type FromCore =
  | { did: 'ready'; apiPort: number; state: KillState }
  | { did: 'begin' | 'lift' | 'clear' | 'state'; state: KillState }
  | { did: 'failed'; what: string };

export const EFFECT_KINDS = ['answer', 'tool', 'outgoing', 'call', 'inference', 'process'] as const;
export type EffectKind = (typeof EFFECT_KINDS)[number];

/** Of these some are containers where there is an engine. */
export const TOOL_RUNS = 10;
export const CONTAINER_RUNS = 2;

/** Tool runs in containers; the entry provides them, because they are another module's. */
export interface DrillContainers extends Disposable {
  /** That they run shows in their trace. */
  begin(count: number): Promise<void>;
  stop(): Promise<readonly string[]>;
  target(): DockerTarget | null;
}

export type OpenDrillContainers = (
  place: { dataDirectory: string; workspace: string },
  killSwitch: KillSwitchService,
) => Promise<DrillContainers>;
