import { contextBridge, ipcRenderer } from 'electron';
import type { CallName, EventName, PreloadApi } from './contract/index.ts';
import { CALL_CHANNEL, callNames, EVENT_CHANNEL, eventNames, PORT_CHANNEL } from './contract/names.ts';

/*
 * Runs sandboxed before the page. Imports the contract's names only, not its schemas: nothing here may cost time before the first paint,
 * and the core checks everything again.
 */
const listeners = new Map<EventName, Set<(payload: unknown) => void>>();

const api: PreloadApi = {
  call(name, input) {
    if (!isKnown(callNames, name)) return Promise.reject(new Error(`There is no call "${String(name)}"`));
    return ipcRenderer.invoke(CALL_CHANNEL, name satisfies CallName, input) as ReturnType<PreloadApi['call']>;
  },
  on(name, listener) {
    if (!isKnown(eventNames, name)) throw new Error(`There is no event "${String(name)}"`);
    const known = listeners.get(name) ?? new Set();
    listeners.set(name, known.add(listener));
    return () => void known.delete(listener);
  },
};

ipcRenderer.on(EVENT_CHANNEL, (_event, name: EventName, payload: unknown) => {
  for (const listener of listeners.get(name) ?? []) listener(payload);
});

// A MessagePort cannot cross the context bridge, so it is posted to the page's own window.
ipcRenderer.on(PORT_CHANNEL, (event, offer: { sessionId: string; kind: string }) => {
  window.postMessage({ channel: PORT_CHANNEL, ...offer }, window.location.origin, [...event.ports]);
});

contextBridge.exposeInMainWorld('openclaw', api);

function isKnown<Name extends string>(names: readonly Name[], name: unknown): name is Name {
  return names.some((known) => known === name);
}
