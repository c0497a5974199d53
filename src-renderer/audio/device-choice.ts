/** A microphone or loudspeaker as people know it. */
export interface AudioDevice {
  deviceId: string;
  /** Unique in its list. Names are what settings store: ids change with the page's origin, and window and browser share the settings. */
  name: string;
}

/** Entries that stand for another device of the list. */
const ALIASES = new Set(['default', 'communications']);

/** The devices of one kind under unique names; those without a name (permission not given yet) and aliases are left out. */
export function namedDevices(devices: readonly MediaDeviceInfo[], kind: 'audioinput' | 'audiooutput'): AudioDevice[] {
  const seen = new Map<string, number>();
  return devices
    .filter((device) => device.kind === kind && device.label !== '' && !ALIASES.has(device.deviceId))
    .map((device) => {
      const count = (seen.get(device.label) ?? 0) + 1;
      seen.set(device.label, count);
      return { deviceId: device.deviceId, name: count === 1 ? device.label : `${device.label} (${count})` };
    });
}

/** The device that a setting names; undefined = the system's own choice, either wanted ('') or because that device is away. */
export function chooseDevice(devices: readonly AudioDevice[], wantedName: string): AudioDevice | undefined {
  return wantedName === '' ? undefined : devices.find((device) => device.name === wantedName);
}
