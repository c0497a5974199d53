import { parseArgs } from 'node:util';
import { checkCommands, type Shell } from './modules/tools/index.ts';

const HELP = `npm run commands -- check [--json] [--shell posix|powershell|cmd]

Reads one command a line on standard input and prints one verdict a line, in the same order:
{"verdict":"allow|ask|deny","obfuscated":false,"reason":"..."}
With --json each line is a JSON string, which may contain line breaks. Nothing is run.`;

const isShell = (text: string): text is Shell => /^(?:posix|powershell|cmd)$/.test(text);

async function main(): Promise<number> {
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: {
        json: { type: 'boolean', default: false },
        shell: { type: 'string', default: 'posix' },
        help: { type: 'boolean', short: 'h' },
      },
    });
    if (values.help) {
      console.log(HELP);
      return 0;
    }
    if (positionals[0] === 'check' && positionals.length === 1 && isShell(values.shell)) {
      await checkCommands(process.stdin, process.stdout, { isJson: values.json, shell: values.shell });
      return 0;
    }
  } catch {
    // An unknown option: the help says which there are.
  }
  console.error(HELP);
  return 2;
}

process.exitCode = await main();
