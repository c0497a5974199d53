import { parseArgs } from 'node:util';

/** What `talk` was asked for on its command line. */
export type TalkOptions =
  | { ask: 'help' }
  /** `problem`: one sentence for the person who typed it. */
  | { ask: 'nothing'; problem: string }
  | { ask: 'aloud'; audioPath: string; outPath: string | undefined; json: boolean }
  | { ask: 'in-writing'; text: string; outPath: string | undefined; json: boolean };

export const talkHelp = `npm run talk -- --audio question.wav [--out answer.wav] [--json]
npm run talk -- --text "…" [--out answer.wav] [--json]

One exchange through the same core as in the window: transcript, answer and the latency of each stage.

  --audio FILE   A WAV file (any rate, mono or stereo) that is spoken to the assistant in real time.
  --text TEXT    The question in writing.
  --out FILE     Where the spoken answer goes, as WAV.
  --json         One JSON object as the last line: {"transcript", "answer", "status", "latency_ms"}, or {"error"}.
`;

export function parseTalkOptions(args: readonly string[]): TalkOptions {
  const values = parsed(args);
  if (values instanceof Error) return { ask: 'nothing', problem: values.message };
  const { audio, text, out: outPath, json = false, help = false } = values;
  if (help) return { ask: 'help' };
  if (audio !== undefined && text !== undefined) return { ask: 'nothing', problem: 'Ask either with --audio or with --text, not both.' };
  if (audio !== undefined) return { ask: 'aloud', audioPath: audio, outPath, json };
  if (text === undefined) return { ask: 'nothing', problem: 'Name a WAV file with --audio, or a question with --text.' };
  if (text.trim() === '') return { ask: 'nothing', problem: 'The question is empty.' };
  return { ask: 'in-writing', text, outPath, json };
}

function parsed(args: readonly string[]): { audio?: string; text?: string; out?: string; json?: boolean; help?: boolean } | Error {
  try {
    return parseArgs({
      args: [...args],
      options: {
        audio: { type: 'string' },
        text: { type: 'string' },
        out: { type: 'string' },
        json: { type: 'boolean' },
        help: { type: 'boolean' },
      },
    }).values;
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}
