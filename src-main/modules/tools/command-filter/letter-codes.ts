/** `$'\x72'`: a letter, digit, slash or dash that needs no code. Colours, tabs and quotes do need one. */
export function hidesLetters(text: string): boolean {
  for (const [, hex, octal, unicode] of text.matchAll(/\\(?:x([0-9a-fA-F]{1,2})|0?([0-7]{2,3})|[uU]([0-9a-fA-F]{1,8}))/g)) {
    const code = hex !== undefined ? parseInt(hex, 16) : octal !== undefined ? parseInt(octal, 8) : parseInt(unicode ?? '0', 16);
    if (code < 127 && /[A-Za-z0-9/.-]/.test(String.fromCharCode(code))) return true;
  }
  return false;
}
