import { once } from 'node:events';
import { StringDecoder } from 'node:string_decoder';
import type { Shell } from './command-verdict.ts';
import { judgeCommand } from './judge-command.ts';

/** A line that is longer is judged by its first part, which is too long for any verdict but a refusal. */
const LONGEST_LINE_CHARACTERS = 1_000_000;

export interface CheckOptions {
  /** Each line is a JSON string. */
  isJson: boolean;
  shell: Shell;
}

/** The filter as a program: commands in, verdicts out, line by line; memory does not grow with the input. Ends with the input or when nobody reads any more. */
export async function checkCommands(
  input: AsyncIterable<Buffer | string>,
  output: NodeJS.WritableStream,
  options: CheckOptions,
): Promise<void> {
  const decoder = new StringDecoder('utf8');
  let rest = '';
  let isClosed = false;
  const close = (): void => void (isClosed = true);
  output.on('error', close);
  try {
    for await (const chunk of input) {
      const lines = (rest + (typeof chunk === 'string' ? chunk : decoder.write(chunk))).split('\n');
      rest = (lines.pop() ?? '').slice(0, LONGEST_LINE_CHARACTERS);
      if (isClosed) return;
      if (lines.length > 0 && !output.write(lines.map((line) => verdictLine(line, options)).join('')))
        await Promise.race([once(output, 'drain'), once(output, 'close')]);
    }
    rest += decoder.end();
    if (rest !== '') output.write(verdictLine(rest, options));
  } finally {
    output.off('error', close);
  }
}

function verdictLine(line: string, { isJson, shell }: CheckOptions): string {
  const text = line.replace(/\r$/, '');
  const command = isJson ? readJson(text) : text;
  const { verdict, obfuscated, reason } =
    command === undefined
      ? { verdict: 'deny', obfuscated: false, reason: 'This line is not a JSON string.' }
      : judgeCommand(command, { shell });
  return `${JSON.stringify({ verdict, obfuscated, reason })}\n`;
}

function readJson(line: string): string | undefined {
  if (line.trim() === '') return '';
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'string' ? value : undefined;
  } catch {
    return undefined;
  }
}
