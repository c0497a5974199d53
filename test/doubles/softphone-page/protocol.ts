import type { SoftphoneState } from '../../../src-renderer/softphone/softphone-port.ts';

/** What the test asks of the page. */
export interface SoftphonePage {
  accept(callId: string, mode: 'talk' | 'listen'): void;
  takeOver(): Promise<void>;
  hangUp(callId: string): void;
  setMuted(on: boolean): void;
  sendDigits(callId: string, digits: string): Promise<void>;
  state(): SoftphoneState;
  /** Every state since the beginning, with its time (ms since the epoch). */
  states(): { atMs: number; state: SoftphoneState }[];
  levels(): { here: number; there: number };
  /** The strongest pitch of what the newest call brings, and its level in dBFS. */
  heard(): { frequencyHz: number; decibels: number } | null;
  codecs(): Promise<string[]>;
  /** Whether a ring tone sounds. */
  ringLevel(): number;
  silence(callId: string): void;
}
