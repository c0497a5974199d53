/** As the core's door takes it: digits with the signs that people write between them, and at least two of them. */
export function isTypedNumber(text: string): boolean {
  const typed = text.trim();
  return typed.length <= 60 && /^[+\d*#\s()/.-]+$/.test(typed) && typed.replaceAll(/[^\d*#]/g, '').length >= 2;
}
