import { z } from 'zod';
import { defineTool } from './define-tool.ts';
import { planWords } from './plan-words.ts';
import { oneLine } from './tool-text.ts';
import type { Tool } from './tools.ts';

export const SEARCH_TOOLS = 'search_tools';

/** The way from the short list to all the others: what it finds is offered for the rest of the turn. */
export function createSearchTool(deps: { search: (words: string) => Tool[]; onFound: (tools: readonly Tool[]) => void }): Tool {
  return defineTool({
    name: SEARCH_TOOLS,
    title: 'Search for tools',
    description: 'Finds further tools by what they do, in English or German words. Those found can be called from then on.',
    keywords: ['tool', 'ability', 'werkzeug', 'fähigkeit'],
    isCommon: true,
    input: z.object({ words: z.string().trim().min(1).max(200) }),
    rights: [],
    risk: 'none',
    cost: 2,
    timeoutMs: 5_000,
    async plan({ words }) {
      return {
        ...planWords('search-tools', { words: oneLine(words, 120) }),
        details: [],
        sandboxed: false,
        verdict: 'allow',
        reasons: [],
        rights: [],
        rememberKey: undefined,
      };
    },
    async run({ words }) {
      const found = deps.search(words);
      deps.onFound(found);
      const text = found.map(({ name, description }) => `${name}: ${description}`).join('\n');
      // Descriptions of other people's servers are text from outside.
      return { text: text === '' ? 'No tool was found.' : text, outside: found.some(({ source }) => source.kind === 'mcp') };
    },
  });
}
