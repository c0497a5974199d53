import type { Clock } from '../../base/clock.ts';
import type { Disposable } from '../../base/dispose.ts';
import type { ErrorData } from '../../base/errors.ts';
import type { Log } from '../../base/log.ts';
import type { LanguageCode } from '../../inference/contracts/index.ts';
import type { HandlersFor, ProgramRoute, Tell } from '../../platform/contract-host/index.ts';
import type { AuditLog } from '../../platform/observability/index.ts';
import type { KillSwitch } from '../killswitch/index.ts';
import type { Tools } from '../tools/index.ts';

export type McpGate = KillSwitch['gate'];

export type McpCalls =
  | 'mcp.servers'
  | 'mcp.save'
  | 'mcp.remove'
  | 'mcp.setEnabled'
  | 'mcp.signIn'
  | 'mcp.decide'
  | 'mcp.access'
  | 'mcp.createAccess'
  | 'mcp.revokeAccess';

/** A program that asks by the assistant's own MCP server. */
export interface McpProgram {
  /** `owner` = a program of this machine that could read serve.json. */
  id: string;
  name: string;
  mayReadMessages: boolean;
}

/** A telephone call as programs read of it. `summary` and `tasks` are other people's words. */
export interface ProgramCall {
  atMs: number;
  direction: 'in' | 'out';
  name: string;
  number: string;
  /** '' = nobody. */
  answeredBy: string;
  durationMs: number;
  summary: string;
  tasks: readonly string[];
}

/** What the assistant lets other programs do. Rejections are told to the program by their message. */
export interface Abilities {
  /** One question to the agent, as asker `mcp` with the program's name, from outside (tainted). Resolves with the answer. */
  ask(question: { text: string; language: LanguageCode }, program: McpProgram, signal: AbortSignal): Promise<string>;
  /** Says it to whoever is there. Resolves with whether it was said aloud or could only be written. */
  speak(text: string, language: LanguageCode, program: McpProgram): Promise<'spoken' | 'written'>;
  status(): { state: string; version: string; killLevel: number; isTalking: boolean };
  /** Engages the kill switch at level 5 or the one given. There is no way to lift it from here. */
  stop(program: McpProgram, level: number | undefined): Promise<void>;
  /** Conversations by their words, newest first; an empty query is all. */
  messages(query: string, limit: number): Promise<readonly { conversation: string; atMs: number; who: string; text: string }[]>;
  /** Telephone calls by name, number or words, newest first; an empty query is all. What was said in them comes from outside. */
  calls(query: string, limit: number): Promise<readonly ProgramCall[]>;
}

export interface McpDeps {
  dataDirectory: string;
  /** Of the app, as servers and programs are told. */
  version: string;
  /** Fills `{{secret:NAME}}` in; rejects when the secret does not exist or must not go to that host. Without a host: a process on this machine. */
  resolveSecret: (template: string, target: { host?: string }) => string | Promise<string>;
  /** Sealed texts of our own, for tokens of signed-in servers: `mcp.<server id>`. An empty value takes one away. */
  secrets: { get(name: string): string | undefined; set(name: string, value: string): Promise<void> };
  /** `readChildEnvironment()`; a short list of it reaches servers. */
  environment: Readonly<Record<string, string>>;
  registerTool: Tools['register'];
  killSwitch: Pick<KillSwitch, 'gate' | 'register' | 'watch'>;
  audit: Pick<AuditLog, 'record'>;
  tell: Tell;
  /** Takes secrets out of what servers write to their error output. */
  redact: (text: string) => string;
  /** Opens a page in the owner's browser; absent without a desktop. */
  openLink?: ((url: string) => Promise<void>) | undefined;
  /** Address of the web door, opened for it where it is not; null when there is none. */
  doorUrl: () => Promise<string | null>;
  abilities: Abilities;
  locale: () => LanguageCode;
  clock: Clock;
  log: Log;
}

/** Other people's tools for the assistant, and the assistant's abilities for other people's programs. */
export interface Mcp extends Disposable {
  handlers: HandlersFor<McpCalls>;
  /** Connects to all servers that are switched on, in the background. Called once the doors are open. */
  begin(): void;
  /** What was wrong with mcp.json, if anything. */
  problem(): ErrorData | undefined;
  /** Answers one request to `/mcp`, whose Host and Origin the door has checked. */
  serve: ProgramRoute['handle'];
}
