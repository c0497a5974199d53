import type { Page } from 'playwright';

/** The plug of the microphone, for the page alone: what it asks of the system is answered as if the device were gone. */
export interface MicrophonePlug {
  pull(): Promise<void>;
  plugIn(): Promise<void>;
}

interface PlugWindow extends Window {
  plug: { pull: () => void; plugIn: () => void };
}
declare const window: PlugWindow;

/** Call before the microphone is opened for the first time. */
export async function holdPlug(page: Page): Promise<MicrophonePlug> {
  await page.evaluate(() => {
    const devices = navigator.mediaDevices;
    const open = devices.getUserMedia.bind(devices);
    const list = devices.enumerateDevices.bind(devices);
    const tracks: MediaStreamTrack[] = [];
    let pulled = false;
    devices.getUserMedia = async (wanted) => {
      if (pulled) throw new DOMException('Requested device not found', 'NotFoundError');
      const stream = await open(wanted);
      tracks.push(...stream.getTracks());
      return stream;
    };
    devices.enumerateDevices = async () => (await list()).filter((device) => !pulled || device.kind !== 'audioinput');
    window.plug = {
      pull() {
        pulled = true;
        for (const track of tracks.splice(0)) {
          if (track.readyState === 'ended') continue;
          track.stop();
          // A track tells this of itself when its device goes, but not when the page stops it.
          track.dispatchEvent(new Event('ended'));
        }
        devices.dispatchEvent(new Event('devicechange'));
      },
      plugIn() {
        pulled = false;
        devices.dispatchEvent(new Event('devicechange'));
      },
    };
  });
  return {
    pull: () => page.evaluate(() => window.plug.pull()),
    plugIn: () => page.evaluate(() => window.plug.plugIn()),
  };
}
