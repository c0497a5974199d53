const MAX_CHARS = 60;
/** Longer than any name; what comes after it is not looked at. */
const MAX_TOLD_CHARS = 400;

/** A name as the network tells it: one line of plain words. Markup, control and direction characters go; what is left may still be a lie. */
export function cleanCallerName(told: string): string {
  const plain = told
    .slice(0, MAX_TOLD_CHARS)
    .normalize('NFKC')
    .replaceAll(/<[^>]*>?/g, ' ')
    .replaceAll(/[<>&"`{}[\]\\|]/g, ' ')
    // Control and format characters, among them those that turn the direction of writing; private and unassigned ones.
    .replaceAll(/\p{C}/gu, ' ')
    .replaceAll(/[\p{Z}\s]+/gu, ' ')
    // Accents that are heaped on one letter.
    .replaceAll(/(\p{M}{2})\p{M}+/gu, '$1')
    .trim();
  return Array.from(plain).slice(0, MAX_CHARS).join('').trim();
}
