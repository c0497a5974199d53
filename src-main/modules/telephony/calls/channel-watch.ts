import type { Clock } from '../../../base/clock.ts';
import type { AriEvent } from '../telephony.ts';

/** How a channel that was called came out. */
export type ChannelFate = { fate: 'up' } | { fate: 'gone'; /** Of Q.850; 0 = not told. */ cause: number } | { fate: 'late' };

/** Waits for channels that were asked for. Whoever asks begins to wait before the request goes out: Asterisk may be faster than its own answer. */
export interface ChannelWatch {
  /** Resolves once, at the latest after `patienceMs`. */
  expect(channelId: string, patienceMs: number): Promise<ChannelFate>;
  /** Whoever waits for it need not: it was refused. */
  forget(channelId: string): void;
  hear(event: AriEvent): void;
  /** Nothing will come any more. */
  giveUp(): void;
}

export function createChannelWatch(clock: Pick<Clock, 'after'>): ChannelWatch {
  const waiting = new Map<string, (fate: ChannelFate) => void>();
  return {
    expect: (channelId, patienceMs) =>
      new Promise((resolve) => {
        const timer = clock.after(patienceMs, () => waiting.get(channelId)?.({ fate: 'late' }));
        waiting.set(channelId, (fate) => {
          timer.cancel();
          waiting.delete(channelId);
          resolve(fate);
        });
      }),
    forget: (channelId) => waiting.get(channelId)?.({ fate: 'gone', cause: 0 }),
    hear(event) {
      if (event.type === 'StasisStart') waiting.get(event.channel.id)?.({ fate: 'up' });
      else if (event.type === 'ChannelDestroyed') waiting.get(event.channel.id)?.({ fate: 'gone', cause: event.cause });
    },
    giveUp() {
      for (const settle of waiting.values()) settle({ fate: 'gone', cause: 0 });
    },
  };
}
