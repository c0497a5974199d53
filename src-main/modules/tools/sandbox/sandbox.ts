import type { Disposable, Unsubscribe } from '../../../base/dispose.ts';
import type { SandboxStatus } from '../../../../src-preload/contract/index.ts';
import type { CommandPlan } from '../command-filter/command-verdict.ts';

/** What one run may touch. Everything else is behind the wall. */
export interface SandboxGrant {
  /** The owner's folder, at /workspace; `none` = an empty one that is thrown away. */
  workspace: { access: 'none' } | { access: 'read' | 'write'; folder: string };
  /** Host names that the filtering proxy lets through; empty = no network at all. `*.example.org` covers subdomains. */
  hosts: readonly string[];
}

export interface SandboxRun {
  plan: CommandPlan;
  grant: SandboxGrant;
  stdin?: string;
  /** At most 30 s while somebody waits; longer only for work in the background. */
  timeoutMs: number;
  signal: AbortSignal;
  /** Pieces of output as they come, cleaned; for the window. */
  onOutput?: (piece: string) => void;
}

export interface SandboxResult {
  /** timeout, memory, stopped (signal), flooded (output beyond its bound; what came first is kept). */
  ended: 'exit' | 'timeout' | 'memory' | 'stopped' | 'flooded';
  exitCode: number | null;
  /** Cleaned of terminal escapes and control characters, invalid UTF-8 replaced, each at most 256 kB. */
  stdout: string;
  stderr: string;
  truncated: boolean;
  durationMs: number;
  containerId: string;
}

/** How a run would look, for `explain`, cards and tests. */
export interface SandboxExplanation {
  image: string;
  runtime: 'runc' | 'runsc';
  user: string;
  network: string;
  mounts: readonly { from: string; to: string; access: 'read' | 'write' }[];
  limits: { memoryBytes: number; processes: number; cpus: number; timeoutMs: number; outputBytes: number };
  /** What the engine is asked for, as it would be sent. */
  create: Readonly<Record<string, unknown>>;
}

/**
 * The locked room. Errors: `sandbox.no-docker`, `sandbox.not-answering`, `sandbox.no-image`, `sandbox.image-changed`, `sandbox.refused` (hostile configuration;
 * nothing was created), `sandbox.failed`, `sandbox.disk-full`, `killswitch.engaged`.
 */
export interface Sandbox extends Disposable {
  status(): SandboxStatus;
  onStatus(listener: (status: SandboxStatus) => void): Unsubscribe;
  /** Looks again at engine and image; fills the warm pool when all is well. */
  refresh(): Promise<SandboxStatus>;
  /** Builds the image if it is missing. */
  prepare(): Promise<SandboxStatus>;
  explain(run: Pick<SandboxRun, 'grant' | 'timeoutMs'>): Promise<SandboxExplanation>;
  run(run: SandboxRun): Promise<SandboxResult>;
  /** Kills every container of this app at once and resolves with the names of those that were running something. For the kill switch. */
  killAll(): Promise<readonly string[]>;
  /** Where the engine listens and how our containers are marked, for whoever must end them without us; null = no engine was found yet. */
  dockerTarget(): { socketPath: string; label: string } | null;
  /** Removes what an earlier life of the app has left. */
  sweep(): Promise<readonly string[]>;
}
