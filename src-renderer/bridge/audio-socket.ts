import type { AudioPortKind } from '../../src-preload/contract/index.ts';
import { audioPath } from '../../src-preload/contract/wire-paths.ts';
import type { AudioSocketOrder } from './audio-socket.worker.ts';
import { socketUrl } from './socket-url.ts';

/**
 * Sound over a WebSocket that lives in a worker of its own, so that a busy page neither delays nor tears it. The worker opens the socket again when
 * it closes; the port stays the same.
 */
export function openAudioSocket(options: {
  pageUrl: string;
  sessionId: string;
  kind: AudioPortKind;
  onPort: (port: MessagePort) => void;
}): () => void {
  const worker = new Worker(new URL('./audio-socket.worker.ts', import.meta.url), { type: 'module' });
  const channel = new MessageChannel();
  const order: AudioSocketOrder = { url: socketUrl(options.pageUrl, audioPath(options.sessionId, options.kind)), port: channel.port1 };
  worker.postMessage(order, [channel.port1]);
  options.onPort(channel.port2);
  return () => worker.terminate();
}
