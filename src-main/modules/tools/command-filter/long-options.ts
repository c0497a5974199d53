/** Whether a long option is one of these, also shortened: programs take every beginning that only one of their options has. */
export function isLongOption(arg: string, names: readonly string[], allowed: readonly string[] = []): boolean {
  if (!/^--./.test(arg)) return false;
  const name = arg.slice(2).replace(/=[\s\S]*/, '');
  return !allowed.includes(name) && names.some((forbidden) => forbidden.startsWith(name));
}
