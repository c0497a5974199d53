import type { CommandPlan, PlannedProcess, PlannedRedirect } from '../../src-main/modules/tools/command-filter/index.ts';

const quote = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;
/** Plain words stay plain, so that nothing looks disguised. */
const word = (text: string): string => (/^[\w@%+=:,./-]+$/.test(text) ? text : quote(text));
/** A pattern's special characters must stay outside of quotes. */
const pattern = (text: string): string => text.replace(/\\?[^\w*?[\]./-]/g, (piece) => `\\${piece.at(-1) ?? ''}`);

function redirect(planned: PlannedRedirect): string {
  switch (planned.kind) {
    case 'duplicate':
      return `${planned.descriptor}>&${planned.from}`;
    case 'text':
      return `${planned.descriptor}<<< ${quote(planned.text.replace(/\n$/, ''))}`;
    default:
      return `${planned.descriptor}${{ read: '<', write: '>', append: '>>' }[planned.kind]} ${word(planned.path)}`;
  }
}

const printProcess = ({ argv, env, redirects, patterns }: PlannedProcess): string =>
  [
    ...Object.entries(env).map(([name, value]) => `${name}=${word(value)}`),
    ...argv.map((text, index) => (patterns?.includes(index) ? pattern(text) : word(text))),
    ...redirects.map(redirect),
  ].join(' ');

/** A plan as a command line that means the same to bash. */
export function printPlan({ pipelines }: CommandPlan): string {
  return pipelines
    .map(({ processes, runs }, index) => {
      const joint = index === 0 ? '' : { always: '; ', 'if-ok': ' && ', 'if-failed': ' || ' }[runs];
      return joint + processes.map(printProcess).join(' | ');
    })
    .join('');
}
