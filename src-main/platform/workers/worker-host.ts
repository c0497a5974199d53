import type { AudioPort } from '../../../src-preload/contract/index.ts';
import { assertNever } from '../../base/assert-never.ts';
import { AppError, toErrorData } from '../../base/errors.ts';
import { messagePortAudio } from './audio-port.ts';
import { framedSocketAudio } from './framed-audio.ts';
import { stepBack } from './niceness.ts';
import { acceptUpgrade } from './socket-upgrade.ts';
import { tunnelStream } from './socket-tunnel.ts';
import type { PortHandle, WorkerTransport } from './worker-transport.ts';
import { connectToParent } from './worker-transport.ts';
import type { MethodOf, ToWorker, WorkerMethods } from './workers.ts';

/** What a method gets besides its parameters. */
export interface MethodContext<Chunk> {
  /** Aborted when the caller gave up; a method that stops early rejects with `request.aborted` or resolves with what it has. */
  signal: AbortSignal;
  /** Sends a piece before the result; ignored once the call has ended. */
  chunk: (value: Chunk) => void;
}

/** The methods of a worker, as it implements them. */
export type WorkerHandlers<Methods extends WorkerMethods> = {
  [Name in keyof Methods]: (
    params: MethodOf<Methods, Name>['params'],
    context: MethodContext<MethodOf<Methods, Name>['chunk']>,
  ) => Promise<MethodOf<Methods, Name>['result']> | MethodOf<Methods, Name>['result'];
};

export interface WorkerDefinition<Methods extends WorkerMethods> {
  methods: WorkerHandlers<Methods>;
  /** A direct line for the sound of a session, already open. Absent = this worker has none, and lines handed to it are closed. */
  onPort?: (sessionId: string, port: AudioPort) => void;
  /**
   * How far this process steps back where the processor is not enough for all, -20 … 19 (setpriority(2); Windows knows only steps of ten). What is seen
   * and heard right now goes first; what makes the next sentence has until this one has been spoken. Below 0
   * = in front of the others, where the system allows it.
   */
  niceness?: number;
  /** Last chance to close what is open; the process ends when it resolves, and is ended from outside if that takes over two seconds. */
  onShutdown?: () => Promise<void> | void;
}

/** The worker's own voice. */
export interface WorkerHost<Event> {
  emit(event: Event): void;
}

/**
 * The child's side of a supervised worker: call it once, at the end of a `*.worker.ts`, when the process is ready to take calls (models are
 * loaded by a method, not before). Answers pings and calls, turns errors into data, and ends the process when the parent is gone.
 */
export function serveWorker<Methods extends WorkerMethods, Event = never>(
  definition: WorkerDefinition<Methods>,
  transport: WorkerTransport = connectToParent(),
): WorkerHost<Event> {
  if (definition.niceness !== undefined) stepBack(definition.niceness);
  const running = new Map<number, AbortController>();

  const answer = async (seq: number, name: string, params: unknown): Promise<void> => {
    const controller = new AbortController();
    running.set(seq, controller);
    const chunk = (value: unknown): void => {
      if (running.get(seq) === controller) transport.post({ type: 'chunk', seq, value });
    };
    try {
      const value = await methodNamed(definition, name)(params, { signal: controller.signal, chunk });
      running.delete(seq);
      transport.post({ type: 'response', seq, ok: true, value });
    } catch (error) {
      running.delete(seq);
      transport.post({ type: 'response', seq, ok: false, error: toErrorData(error) });
    }
  };

  transport.onMessage((message, handle) => {
    switch (message.type) {
      case 'request':
        void answer(message.seq, message.method, message.params);
        return;
      case 'cancel':
        running.get(message.seq)?.abort();
        return;
      case 'ping':
        transport.post({ type: 'pong', seq: message.seq, memoryBytes: process.memoryUsage.rss() });
        return;
      case 'port':
        void openPort(definition, message, handle);
        return;
      case 'shutdown':
        void shutDown(definition, transport);
        return;
      default:
        assertNever(message, 'message to a worker');
    }
  });
  transport.onParentGone(() => transport.exit(0));
  transport.post({ type: 'ready', pid: process.pid });
  return { emit: (payload) => transport.post({ type: 'event', payload }) };
}

type AnyHandler = (params: unknown, context: MethodContext<unknown>) => unknown;

function methodNamed<Methods extends WorkerMethods>(definition: WorkerDefinition<Methods>, name: string): AnyHandler {
  const methods = definition.methods as Record<string, AnyHandler>;
  const method = Object.hasOwn(methods, name) ? methods[name] : undefined;
  if (method === undefined)
    throw new AppError('worker.unknown-method', `The worker has no method "${name}".`, { details: { method: name } });
  return method;
}

async function openPort<Methods extends WorkerMethods>(
  definition: WorkerDefinition<Methods>,
  message: Extract<ToWorker, { type: 'port' }>,
  handle: PortHandle | undefined,
): Promise<void> {
  const port = handle === undefined ? undefined : await audioPortOf(message, handle);
  if (port === undefined) return;
  if (definition.onPort === undefined) port.close();
  else definition.onPort(message.sessionId, port);
}

async function audioPortOf(message: Extract<ToWorker, { type: 'port' }>, handle: PortHandle): Promise<AudioPort | undefined> {
  const { upgrade, framed } = message;
  if (handle.kind === 'socket' && framed) return framedSocketAudio(handle.socket);
  if (handle.kind === 'socket') return upgrade === undefined ? undefined : acceptUpgrade(handle.socket, upgrade);
  return upgrade === undefined ? messagePortAudio(handle.port) : acceptUpgrade(tunnelStream(handle.port), upgrade);
}

async function shutDown<Methods extends WorkerMethods>(definition: WorkerDefinition<Methods>, transport: WorkerTransport): Promise<void> {
  try {
    await definition.onShutdown?.();
  } catch (error) {
    console.error('The worker did not close cleanly:', error);
  }
  transport.exit(0);
}
