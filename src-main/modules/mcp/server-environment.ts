/** Where programs, the home and the language are; on Windows also what a process there cannot start without. */
const NAMES = new Set(
  'PATH HOME LANG LANGUAGE TZ TMPDIR USERPROFILE SYSTEMROOT SYSTEMDRIVE WINDIR TEMP TMP APPDATA LOCALAPPDATA COMSPEC PATHEXT'.split(' '),
);

/** The part of our environment that another program gets: no key, no token, nothing of the desktop or of our own libraries. */
export function serverEnvironment(environment: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(environment).filter(([name]) => NAMES.has(name.toUpperCase()) || name.startsWith('LC_')));
}
