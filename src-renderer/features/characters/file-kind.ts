/** What a dropped or chosen file can become. */
export type FileKind = 'picture' | 'model' | 'character' | 'unknown';

/** By its type where the system knows one, else by its ending: only to choose the way in. The core looks into the file itself. */
export function fileKind({ name, type }: Pick<File, 'name' | 'type'>): FileKind {
  if (/\.(?:vrm|glb)$/i.test(name)) return 'model';
  if (/\.character$/i.test(name)) return 'character';
  return type.startsWith('image/') || /\.(?:jpe?g|png|webp|avif|gif|bmp|heic|heif)$/i.test(name) ? 'picture' : 'unknown';
}

/** A name to begin with, from the file's: `ada_lovelace-2.vrm` → `Ada lovelace 2`. */
export function nameFromFile(fileName: string): string {
  const words = fileName
    .replace(/\.[^.]*$/, '')
    .replaceAll(/[_-]+/g, ' ')
    .trim();
  return words.charAt(0).toUpperCase() + words.slice(1, 60);
}

/** A name as a file's, for any system: without path parts and signs that one of them forbids. */
export function fileNameOf(name: string): string {
  return name.replaceAll(/[^\p{L}\p{N} _-]+/gu, '').trim() || 'clip';
}
