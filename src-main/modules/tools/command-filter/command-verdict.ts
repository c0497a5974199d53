import type { Verdict } from '../../../../src-preload/contract/index.ts';

/** One program with its arguments, exactly as it will be executed: no shell reads anything again. */
export interface PlannedProcess {
  argv: readonly string[];
  /**
   * Places in `argv` that are file name patterns: `*`, `?` and `[…]` are special, a backslash takes that from the next character. The runner puts the
   * sorted names in (as bash does: none that begin with a dot unless the pattern does), or the word without its backslashes where nothing matches.
   * A name that begins with `-` and comes from a pattern is passed as `./-…`.
   */
  patterns?: readonly number[];
  /** It is run unable to start a process: what a repository's settings would have git run is not run. */
  startsNothing?: true;
  /** Prefix assignments that are harmless (`LC_ALL=C sort`). */
  env: Readonly<Record<string, string>>;
  redirects: readonly PlannedRedirect[];
}

export type PlannedRedirect =
  | { kind: 'read' | 'write' | 'append'; descriptor: number; path: string }
  /** `2>&1` */
  | { kind: 'duplicate'; descriptor: number; from: number }
  /** A here-document or here-string, fully known. */
  | { kind: 'text'; descriptor: number; text: string };

/** Processes joined by pipes. */
export interface PlannedPipeline {
  processes: readonly PlannedProcess[];
  /** When it runs, by the exit code of the pipeline before it. The first one is `always`. */
  runs: 'always' | 'if-ok' | 'if-failed';
}

/** What a command line means, word by word, with nothing left to expand but file name patterns that the sandbox's runner expands by itself. */
export interface CommandPlan {
  pipelines: readonly PlannedPipeline[];
}

export type Shell = 'posix' | 'powershell' | 'cmd';

export interface CommandVerdict {
  verdict: Verdict;
  /** It hides what it does: quotes inside words, encodings, computed names. */
  obfuscated: boolean;
  /** For people, one sentence in English. */
  reason: string;
  /** Stable, for translation: `command.reads`, `command.writes`, `command.interpreter`, `command.network`, `command.destroys`, `command.hidden`, `command.unknown-syntax` … */
  code: string;
  /** What the reason names, for its translation. */
  about?: Readonly<Partial<Record<'program' | 'variable' | 'path', string>>> | undefined;
  /** Absent when it was not understood completely; such a command never runs. */
  plan: CommandPlan | undefined;
  /** Programs that interpret code (sh -c, python, awk with system …): an approval is never remembered for them. */
  hasInterpreter: boolean;
  /** Paths that it reads or writes, as far as known; `~` and constant variables expanded to names like `~/.ssh/id_rsa`. */
  reads: readonly string[];
  writes: readonly string[];
  /** Programs that want the network. */
  network: boolean;
}

/** Judges one command line. Pure, synchronous, never throws; ≤ 50 ms for 10 kB of anything. */
export type JudgeCommand = (text: string, options?: { shell?: Shell }) => CommandVerdict;
