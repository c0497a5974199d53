/** A program's name without its folder, without `.exe`; names differ in case only on systems where that does not matter, so they are judged alike. */
export function basename(path: string): string {
  const name = path.slice(path.lastIndexOf('/') + 1);
  return name.toLowerCase().replace(/\.exe$/, '');
}

/** `a//b`, `a/./b` and `a/c/../b` are `a/b`. Links are not followed: the sandbox is the boundary. */
export function tidyPath(path: string): string {
  if (path.length > 4_096) return path;
  const isAbsolute = path.startsWith('/');
  const segments: string[] = [];
  for (const segment of path.split('/')) {
    if (segment === '' || segment === '.') continue;
    const last = segments.at(-1);
    if (segment === '..' && last !== undefined && last !== '..' && last !== '~') segments.pop();
    else if (segment !== '..' || !isAbsolute) segments.push(segment);
  }
  const joined = segments.join('/');
  return isAbsolute ? `/${joined}` : joined === '' && path !== '' ? '.' : joined;
}

/** Called by its bare name or from a folder of the system, not a program of the working folder with the same name. */
export const isPlainProgram = (word: string): boolean => !word.includes('/') || /^(?:\/usr)?(?:\/local)?\/s?bin\/[^/]+$/.test(word);
