import type { CallToolResult } from '@modelcontextprotocol/client';
import { cleanText } from './clean-text.ts';

/** Characters of a result that go on to the executor, which bounds them further for the model. */
export const MAX_RESULT_CHARS = 100_000;
const MAX_BLOCKS = 200;

/** The result of a tool as text. Pictures and sounds are named, not shown. */
export function resultText(result: CallToolResult): string {
  const blocks: string[] = result.content.slice(0, MAX_BLOCKS).map(blockText);
  if (result.content.length > MAX_BLOCKS) blocks.push(`[${result.content.length - MAX_BLOCKS} more parts]`);
  // Servers repeat what is structured as text, for older clients; where they do not, it is all there is.
  if (blocks.join('') === '' && result.structuredContent !== undefined) blocks.push(JSON.stringify(result.structuredContent));
  const text = cleanText(blocks.filter((block) => block !== '').join('\n'), { maxLength: MAX_RESULT_CHARS });
  if (result.isError === true) return `The tool reported an error: ${text === '' ? 'it did not say which.' : text}`;
  return text === '' ? 'Done. The tool returned nothing.' : text;
}

function blockText(block: CallToolResult['content'][number]): string {
  switch (block.type) {
    case 'text':
      return block.text;
    case 'image':
    case 'audio':
      return `[${block.type}, ${block.mimeType}, ${Math.round((block.data.length * 3) / 4)} bytes, not shown]`;
    case 'resource_link':
      return `[link: ${block.name}, ${block.uri}]`;
    case 'resource':
      return 'text' in block.resource ? block.resource.text : `[file: ${block.resource.uri}, not shown]`;
    default:
      return '[a part of a kind that is not known]';
  }
}
