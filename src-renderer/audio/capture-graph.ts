import type { CaptureCommand, CaptureNotice } from './capture-messages.ts';
import { captureWorkletUrl } from './worklet-urls.ts';
import type { Level } from './level.ts';

/** The way from a stream of the microphone to the recognition worker. Lives as long as the session; streams come and go. */
export interface CaptureGraph {
  /** Replaces the stream that is heard. */
  connect(stream: MediaStream): void;
  disconnect(): void;
  /** Samples go there from now on. */
  attach(port: MessagePort): void;
  /** False until the browser lets the page make sound (a first click or key). */
  isRunning(): boolean;
  resume(): Promise<void>;
  close(): void;
}

export type CreateCaptureGraph = (onLevel: (level: Level) => void) => Promise<CaptureGraph>;

/** No loudspeaker is needed to listen: the context runs on its own clock where the browser can do that, else on the default output in silence. */
export const createCaptureGraph: CreateCaptureGraph = async (onLevel) => {
  const context = new AudioContext({ latencyHint: 'interactive', ...({ sinkId: { type: 'none' } } as AudioContextOptions) });
  try {
    await context.audioWorklet.addModule(captureWorkletUrl);
  } catch (error) {
    await context.close();
    throw error;
  }
  const node = new AudioWorkletNode(context, 'capture', { numberOfInputs: 1, numberOfOutputs: 1, outputChannelCount: [1] });
  node.port.addEventListener('message', (event: MessageEvent<CaptureNotice>) => onLevel(event.data.level));
  node.port.start();
  // Its output is silent; only what leads to the destination is computed.
  node.connect(context.destination);
  let source: MediaStreamAudioSourceNode | undefined;

  const command = (message: CaptureCommand, transfer: Transferable[] = []): void => node.port.postMessage(message, transfer);
  const disconnect = (): void => {
    source?.disconnect();
    source = undefined;
  };
  return {
    connect(stream) {
      disconnect();
      source = context.createMediaStreamSource(stream);
      source.connect(node);
    },
    disconnect,
    attach: (port) => command({ type: 'attach', port }, [port]),
    isRunning: () => context.state === 'running',
    resume: () => context.resume(),
    close() {
      disconnect();
      command({ type: 'close' });
      void context.close();
    },
  };
};
