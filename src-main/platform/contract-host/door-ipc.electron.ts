import type { BrowserWindow, IpcMainInvokeEvent, WebContents } from 'electron';
import { ipcMain, MessageChannelMain } from 'electron';
import type { AudioPortKind, CallOutcome } from '../../../src-preload/contract/index.ts';
import { CALL_CHANNEL, EVENT_CHANNEL, PORT_CHANNEL } from '../../../src-preload/contract/names.ts';
import type { Disposable, Unsubscribe } from '../../base/dispose.ts';
import { toErrorData } from '../../base/errors.ts';
import { createId } from '../../base/ids.ts';
import type { Log } from '../../base/log.ts';
import type { AttachAudio, Caller } from './contract-host.ts';
import type { ContractHost } from './contract-host-service.ts';
import type { PageHub } from './page-hub.ts';

/** What the door needs of the core, which is built while the window opens. */
export interface IpcCore {
  host: ContractHost;
  hub: PageHub;
  attachAudio: AttachAudio;
}

export interface IpcDoorOptions {
  /** Calls that come earlier wait for it; when it fails, they answer with the failure. */
  core: Promise<IpcCore>;
  /** Where our page lives, `openclaw://app`. */
  pageOrigin: string;
  log: Log;
}

/** The window's door: the only user of `ipcMain`. */
export interface IpcDoor extends Disposable {
  /** Lets the window's page in. A page that is loaded anew is a new client; the old one is gone. */
  admit(window: BrowserWindow): void;
}

/** One page in a window, from its loading until it is replaced, crashes or closes. */
interface WindowPage {
  caller: Caller;
  /** At its first call: only then does it listen, and what is told before would be lost. */
  enter(): void;
  leave(): void;
}

/** Opens the door. Whatever does not come from the top frame of our own page in one of our own windows is refused and logged. */
export function openIpcDoor({ core, pageOrigin, log }: IpcDoorOptions): IpcDoor {
  const pages = new Map<WebContents, WindowPage>();
  // A failure is answered to whoever calls; before the first call nobody waits for it.
  core.catch(() => undefined);

  const welcome = (contents: WebContents): void => {
    pages.get(contents)?.leave();
    pages.set(contents, createWindowPage(contents, core));
  };

  const part = (contents: WebContents): void => {
    pages.get(contents)?.leave();
    pages.delete(contents);
  };

  ipcMain.handle(CALL_CHANNEL, async (event, name: unknown, input: unknown): Promise<CallOutcome> => {
    const page = pages.get(event.sender);
    if (page === undefined || !isOurPage(event, pageOrigin)) {
      log.warn('door.sender-refused', { url: event.senderFrame?.url });
      return {
        ok: false,
        error: { code: 'request.refused', message: 'Only the page of OpenClaw Desktop itself may ask this.', details: {} },
      };
    }
    page.enter();
    try {
      const { host } = await core;
      return await host.answer(name, input, page.caller);
    } catch (error) {
      return { ok: false, error: toErrorData(error) };
    }
  });

  return {
    admit(window) {
      const contents = window.webContents;
      contents.on('did-navigate', () => welcome(contents));
      contents.on('render-process-gone', () => part(contents));
      contents.on('destroyed', () => part(contents));
    },
    dispose() {
      ipcMain.removeHandler(CALL_CHANNEL);
      for (const contents of Array.from(pages.keys())) part(contents);
    },
  };
}

function createWindowPage(contents: WebContents, core: Promise<IpcCore>): WindowPage {
  const caller: Caller = { door: 'window', clientId: createId('win') };
  let state: 'loading' | 'entered' | 'left' = 'loading';
  let leaveHub: Unsubscribe | undefined;

  const enterHub = ({ hub, attachAudio }: IpcCore): void => {
    if (state === 'left') return;
    leaveHub = hub.add({
      caller,
      send: (name, payload) => !contents.isDestroyed() && contents.send(EVENT_CHANNEL, name, payload),
      openAudio: (sessionId, kinds) => openAudioPorts(contents, { sessionId, kinds, attachAudio }),
    });
  };
  return {
    caller,
    enter() {
      if (state !== 'loading') return;
      state = 'entered';
      // When the core cannot start, the page's calls answer with the reason.
      core.then(enterHub, () => undefined);
    },
    leave() {
      state = 'left';
      leaveHub?.();
    },
  };
}

/** `senderFrame` is null when the frame has gone meanwhile. */
function isOurPage(event: IpcMainInvokeEvent, pageOrigin: string): boolean {
  const frame = event.senderFrame;
  return frame !== null && frame === event.sender.mainFrame && URL.canParse(frame.url) && frame.url.startsWith(`${pageOrigin}/`);
}

/** One channel for each direction; this process keeps no end of either. */
function openAudioPorts(
  contents: WebContents,
  { sessionId, kinds, attachAudio }: { sessionId: string; kinds: readonly AudioPortKind[]; attachAudio: AttachAudio },
): void {
  if (contents.isDestroyed()) return;
  for (const kind of kinds) {
    const { port1, port2 } = new MessageChannelMain();
    attachAudio(kind, sessionId, { kind: 'message-port', port: port1 });
    contents.postMessage(PORT_CHANNEL, { sessionId, kind }, [port2]);
  }
}
