import type { AudioPortKind, Bridge, PreloadApi } from '../../src-preload/contract/index.ts';
import { PORT_CHANNEL } from '../../src-preload/contract/names.ts';
import { createAudioPortDesk } from './audio-port-desk.ts';
import { CallError } from './call-error.ts';

/** The bridge inside Electron's window: calls and events by the preload, audio ports by `window.postMessage`. Lives as long as the page. */
export function createWindowDoor(api: PreloadApi, page: Pick<Window, 'addEventListener'>): Bridge {
  const desk = createAudioPortDesk();
  page.addEventListener('message', (event) => {
    const port = event.ports[0];
    if (event.source === page && port && isPortOffer(event.data)) desk.deliver(event.data.sessionId, event.data.kind, port);
  });
  return {
    door: 'window',
    async call(name, input) {
      const outcome = await api.call(name, input);
      if (!outcome.ok) throw new CallError(outcome.error);
      // The core checks results against the same schema before they leave.
      return outcome.value as never;
    },
    on: (name, listener) => api.on(name, (payload) => listener(payload as never)),
    connection: () => 'open',
    onConnection: () => () => undefined,
    openAudioPort: desk.expect,
  };
}

function isPortOffer(data: unknown): data is { sessionId: string; kind: AudioPortKind } {
  if (typeof data !== 'object' || data === null) return false;
  const offer = data as Partial<Record<string, unknown>>;
  return (
    offer['channel'] === PORT_CHANNEL &&
    typeof offer['sessionId'] === 'string' &&
    (offer['kind'] === 'capture' || offer['kind'] === 'playback' || offer['kind'] === 'portrait')
  );
}
