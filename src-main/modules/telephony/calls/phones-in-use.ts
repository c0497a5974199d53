import type { AriChannel, AriEvent } from '../telephony.ts';

/**
 * Phones of the owner's own that somebody speaks at, by the channels that are with us: in whichever call, also in one that was handed on. One that only rings is
 * not in use.
 */
export interface PhonesInUse {
  hear(event: AriEvent): void;
  /** By its extension. */
  has(extension: string): boolean;
  /** This one has answered, and not only rings. */
  holds(channelId: string): boolean;
  channelIds(): string[];
  /** News of them was missed, or the exchange has gone. */
  forget(channelIds: readonly string[]): void;
}

export function createPhonesInUse(): PhonesInUse {
  const extensions = new Map<string, string>();
  const begin = ({ id, name }: AriChannel): void => {
    const [, extension] = /^PJSIP\/(\d+)-/.exec(name) ?? [];
    if (extension !== undefined) extensions.set(id, extension);
  };
  return {
    hear(event) {
      if (event.type === 'StasisStart') begin(event.channel);
      else if (event.type === 'StasisEnd' || event.type === 'ChannelDestroyed') extensions.delete(event.channel.id);
    },
    has: (extension) => [...extensions.values()].includes(extension),
    holds: (channelId) => extensions.has(channelId),
    channelIds: () => [...extensions.keys()],
    forget(channelIds) {
      for (const channelId of channelIds) extensions.delete(channelId);
    },
  };
}
