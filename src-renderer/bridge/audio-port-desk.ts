import type { AudioPortKind } from '../../src-preload/contract/index.ts';

/** Matches ports that arrive with those who wait for them, in either order. */
export interface AudioPortDesk {
  deliver(sessionId: string, kind: AudioPortKind, port: MessagePort): void;
  expect(sessionId: string, kind: AudioPortKind, onPort: (port: MessagePort) => void): () => void;
}

/** A port that nobody has asked for yet is kept until its session is superseded: `session.start` may answer after its ports have come. */
export function createAudioPortDesk(): AudioPortDesk {
  const waiting = new Map<string, (port: MessagePort) => void>();
  const early = new Map<string, MessagePort>();
  return {
    deliver(sessionId, kind, port) {
      const key = keyOf(sessionId, kind);
      const onPort = waiting.get(key);
      if (onPort) return onPort(port);
      for (const [other, old] of early) {
        // One voice session at a time; faces there may be several.
        if (kind === 'portrait' || !other.startsWith(`${kind} `)) continue;
        old.close();
        early.delete(other);
      }
      early.set(key, port);
    },
    expect(sessionId, kind, onPort) {
      const key = keyOf(sessionId, kind);
      waiting.set(key, onPort);
      const port = early.get(key);
      early.delete(key);
      if (port) onPort(port);
      return () => {
        if (waiting.get(key) === onPort) waiting.delete(key);
      };
    },
  };
}

function keyOf(sessionId: string, kind: AudioPortKind): string {
  return `${kind} ${sessionId}`;
}
