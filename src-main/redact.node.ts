import { createReadStream, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { StringDecoder } from 'node:string_decoder';
import { parseArgs } from 'node:util';
import { createRedactor, redactionPatterns, type LearningRedactor } from './platform/redaction/index.ts';
import { readEnvironment } from './platform/config/index.ts';

const help = `npm run redact -- [--json] [--patterns FILE] [FILE ...]

Takes credentials out of a text: standard input, or the files, to standard output. [secret:KIND] stands in their place. Your own
patterns from the settings are used as well.

  --json           instead of the text, one line of JSON a finding: {rule, start, end, line}; offsets count UTF-16 units
  --patterns FILE  further patterns, one regular expression a line
`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    json: { type: 'boolean', default: false },
    patterns: { type: 'string' },
    help: { type: 'boolean', short: 'h', default: false },
  },
});

/** The owner's patterns. The file is read as it is: settings that cannot be read are no reason not to redact, and none to set them aside. */
function ownPatterns(): string {
  try {
    const file = JSON.parse(readFileSync(join(readEnvironment().dataDirectory, 'config.json'), 'utf8')) as {
      values?: Record<string, unknown>;
    };
    const lines = file.values?.[redactionPatterns.key];
    return typeof lines === 'string' ? lines : '';
  } catch {
    return '';
  }
}

async function readAll(stream: AsyncIterable<Uint8Array>): Promise<string> {
  const pieces: Uint8Array[] = [];
  for await (const piece of stream) pieces.push(piece);
  return Buffer.concat(pieces).toString('utf8');
}

function write(text: string): Promise<void> {
  if (text === '' || process.stdout.write(text)) return Promise.resolve();
  return new Promise((resolve) => {
    process.stdout.once('drain', resolve);
  });
}

async function printFindings(text: string, redactor: LearningRedactor): Promise<void> {
  let line = 1;
  let next = text.indexOf('\n');
  for (const { rule, start, end } of redactor.redact(text).findings) {
    for (; next >= 0 && next < start; next = text.indexOf('\n', next + 1)) line += 1;
    await write(`${JSON.stringify({ rule, start, end, line })}\n`);
  }
}

async function run(): Promise<number> {
  const redactor = createRedactor();
  const further = values.patterns === undefined ? '' : await readAll(createReadStream(values.patterns));
  const problems = redactor.setOwnPatterns(`${ownPatterns()}\n${further}`);
  for (const problem of problems) console.error(problem);
  if (problems.length > 0) return 2;
  const inputs = positionals.length > 0 ? positionals.map((file) => createReadStream(file)) : [process.stdin];
  for (const input of inputs) {
    if (values.json) await printFindings(await readAll(input), redactor);
    else {
      const stream = redactor.stream();
      const decoder = new StringDecoder('utf8');
      for await (const piece of input) await write(stream.push(decoder.write(Buffer.from(piece as Uint8Array))));
      await write(stream.push(decoder.end()) + stream.end());
    }
  }
  return 0;
}

// A reader that has seen enough (`| head`) is no failure.
process.stdout.on('error', () => process.exit(0));
if (values.help) console.log(help);
else {
  try {
    process.exitCode = await run();
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  }
}
