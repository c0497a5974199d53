import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { ErrorData } from '../../base/errors.ts';
import type { Disposable, Unsubscribe } from '../../base/dispose.ts';
import type { MessagePortLike } from './audio-port.ts';
import type { SocketUpgrade } from './socket-upgrade.ts';

/** A method of a worker: what goes in, what comes back, and the pieces that may come before (streams). */
export interface WorkerMethod {
  params: unknown;
  result: unknown;
  chunk?: unknown;
}

/** All methods of a worker by name. `object` rather than an index signature, so that plain interfaces fit. */
export type WorkerMethods = object;

export type MethodOf<Methods, Name extends keyof Methods> = Methods[Name] extends WorkerMethod ? Methods[Name] : never;

/** What travels from main to a worker. */
export type ToWorker =
  | { type: 'request'; seq: number; method: string; params: unknown }
  | { type: 'cancel'; seq: number }
  | { type: 'ping'; seq: number }
  /** Beside it travels a MessagePort (Electron), or a TCP connection whose WebSocket handshake the worker completes with `upgrade` (browser door, `talk`), or a TCP connection to another worker (`framed`). */
  | { type: 'port'; sessionId: string; upgrade?: SocketUpgrade; framed?: true }
  | { type: 'shutdown' };

/** What travels back. Errors are data; a worker never throws across the border. */
export type FromWorker =
  | { type: 'ready'; pid: number }
  | { type: 'pong'; seq: number; memoryBytes: number }
  | { type: 'chunk'; seq: number; value: unknown }
  | { type: 'response'; seq: number; ok: true; value: unknown }
  | { type: 'response'; seq: number; ok: false; error: ErrorData }
  | { type: 'event'; payload: unknown };

/** What is needed to start a worker. */
export interface WorkerSpec {
  /** Also its name in process lists and metrics. */
  name: 'recognition' | 'synthesis' | 'language' | 'portrait' | 'media' | 'watchdog';
  /** Entry module: `*.worker.ts` from source, `*.worker.js` in a build (see entries.ts). */
  entry: URL;
  /** Above this resident size the worker is ended and restarted. */
  memoryLimitBytes: number;
  /** Extra environment; nothing else of ours is passed on. */
  env?: Record<string, string>;
}

/**
 * A direct line for sound: Electron's MessagePort, a checked WebSocket request that the worker has yet to answer, or, without Electron, a connection whose
 * other end another worker has (see worker-link.ts).
 */
export type MediaConnection =
  | { kind: 'message-port'; port: MessagePortLike }
  | { kind: 'socket'; socket: Duplex; upgrade: SocketUpgrade }
  | { kind: 'framed-socket'; socket: Socket };

/** One running process; made by a launcher, used by the supervisor only. */
export interface WorkerProcess {
  readonly pid: number | undefined;
  /** `media` goes along with a `port` message only; it belongs to the worker afterwards. */
  post(message: ToWorker, media?: MediaConnection): void;
  onMessage(listener: (message: FromWorker) => void): Unsubscribe;
  /** Fires once, with the exit code (null = killed by a signal). */
  onExit(listener: (code: number | null) => void): Unsubscribe;
  kill(): void;
}

/** Electron: utilityProcess; without Electron: child_process.fork. The only difference between the two worlds. */
export type WorkerLauncher = (spec: WorkerSpec) => WorkerProcess;

/**
 * Life of a supervised worker:
 *
 *   stopped --first call/start()--> starting --ready--> running --exit--> waiting --back-off--> starting
 *                                                                   3 exits within a minute --> broken --reset()--> stopped
 */
export type WorkerState =
  | { state: 'stopped' }
  | { state: 'starting' }
  | { state: 'running'; pid: number; sinceMs: number }
  | { state: 'waiting'; restartInMs: number; lastExitCode: number | null }
  | { state: 'broken'; exits: number; lastExitCode: number | null };

export interface CallOptions<Chunk> {
  /** Aborting cancels the call in the worker, which may still resolve it with what it has; at the latest after 5 s it rejects with `request.aborted`. */
  signal?: AbortSignal;
  onChunk?: (chunk: Chunk) => void;
  /**
   * Default 30 000, counted from when the worker has the call; `worker.timeout` afterwards. A worker may stay silent that long
   * while it works on the call, so give a call that loads a large model its time.
   */
  timeoutMs?: number;
}

/**
 * A supervised worker as its users see it. Calls start it when needed. Rejections are `AppError`s: `worker.crashed` (died during the call; nothing is replayed),
 * `worker.broken` (breaker open), `worker.timeout`, `request.aborted` (cancelled, or the worker was stopped), or the worker's own error.
 * Calls that wait for a start are sent in their order once it runs; they survive a failed start that is tried again.
 */
export interface SupervisedWorker<Methods extends WorkerMethods, Event> extends Disposable {
  readonly name: WorkerSpec['name'];
  state(): WorkerState;
  onState(listener: (state: WorkerState) => void): Unsubscribe;
  onEvent(listener: (event: Event) => void): Unsubscribe;
  /**
   * Runs after each later successful start, before any call goes through: load models, reopen sessions. When it rejects, the process is
   * ended, the waiting calls reject with its error, and the next call tries again.
   */
  onStart(prepare: (call: WorkerCall<Methods>) => Promise<void>): void;
  start(): Promise<void>;
  call: WorkerCall<Methods>;
  /**
   * Hands a media connection to the worker, starting it when needed; closed when the worker cannot start. A worker that was restarted
   * has lost its connections: attach new ones when `onState` says running again.
   */
  attachPort(sessionId: string, media: MediaConnection): void;
  /** Closes the breaker after a human asked for it. */
  reset(): void;
  /** Ends the process if it runs (memory is given back); the next call starts it again. `now`: by force, for the off-switch. */
  stop(options?: { now?: boolean }): Promise<void>;
}

export type WorkerCall<Methods extends WorkerMethods> = <Name extends keyof Methods & string>(
  method: Name,
  params: MethodOf<Methods, Name>['params'],
  options?: CallOptions<MethodOf<Methods, Name>['chunk']>,
) => Promise<MethodOf<Methods, Name>['result']>;
