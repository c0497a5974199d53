import { StringDecoder } from 'node:string_decoder';

/**
 * Calls `onLine` with each line of a stream, without its ending; a last line without one is given at the end. `onTooLong` is called once, and
 * nothing more is read, when a line grows beyond `maxLength` characters. (Node's readline turns a stream's error into one of its own that ends
 * the process when nobody listens, and has no limit.)
 */
export function readLines(
  stream: NodeJS.ReadableStream,
  onLine: (line: string) => void,
  limit: { maxLength: number; onTooLong: () => void } = { maxLength: Infinity, onTooLong: () => undefined },
): void {
  const decoder = new StringDecoder('utf8');
  let rest = '';
  const onData = (bytes: Buffer | string): void => {
    const lines = (rest + (typeof bytes === 'string' ? bytes : decoder.write(bytes))).split(/\r?\n/);
    rest = lines.pop() ?? '';
    for (const line of lines) onLine(line);
    if (rest.length <= limit.maxLength) return;
    stream.off('data', onData);
    limit.onTooLong();
  };
  stream.on('data', onData);
  stream.once('end', () => {
    if (rest !== '') onLine(rest);
  });
}
