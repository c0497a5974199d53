import { MessageChannelMain } from 'electron';
import type { LinkWorkers } from './worker-link.ts';

/** Utility processes get an end of a message channel each. */
export const linkByMessagePort: LinkWorkers = async (one, other) => {
  const { port1, port2 } = new MessageChannelMain();
  one.worker.attachPort(one.sessionId, { kind: 'message-port', port: port1 });
  other.worker.attachPort(other.sessionId, { kind: 'message-port', port: port2 });
};
