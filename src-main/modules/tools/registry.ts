import type { ToolPolicy, ToolView } from '../../../src-preload/contract/index.ts';
import type { Unsubscribe } from '../../base/dispose.ts';
import type { ErrorData } from '../../base/errors.ts';
import type { Log } from '../../base/log.ts';
import type { ToolRecords } from '../../platform/store/index.ts';
import { toolError, toolReason } from './tools-errors.ts';
import type { Tool } from './tools.ts';

/** The tools there are, and the owner's word about each. */
export interface Registry {
  add(tool: Tool): Unsubscribe;
  get(name: string): Tool | undefined;
  policyOf(name: string): ToolPolicy;
  /** Throws `tools.unknown`. */
  setPolicy(name: string, policy: ToolPolicy): ToolView;
  /** Why it cannot be used now. */
  unavailable(tool: Tool): ErrorData | undefined;
  views(): ToolView[];
  /** Those of the short list that can be used. */
  common(): Tool[];
  /** The best matches first, by name, title, description and keywords; only those that can be used. */
  search(words: string, limit: number): Tool[];
}

const NAME = /^[a-z][a-z0-9_]{0,63}$/;

export function createRegistry(deps: {
  records: Pick<ToolRecords, 'policies' | 'setPolicy'>;
  /** The list is another one now. */
  onChange: () => void;
  log: Log;
}): Registry {
  const { records, onChange, log } = deps;
  const tools = new Map<string, Tool>();
  const policyOf = (name: string): ToolPolicy => {
    try {
      return records.policies().get(name) ?? 'default';
    } catch (error) {
      // The owner may have switched it off: without the record nothing is loosened.
      log.warn('The policy of a tool could not be read', { tool: name, error });
      return 'ask';
    }
  };
  const unavailable = (tool: Tool): ErrorData | undefined => {
    if (policyOf(tool.name) === 'off') return toolReason('tools.off');
    return tool.unavailable();
  };
  const view = (tool: Tool): ToolView => ({
    name: tool.name,
    source: tool.source,
    title: tool.title,
    description: tool.description,
    rights: [...tool.rights],
    risk: tool.risk,
    policy: policyOf(tool.name),
    unavailable: unavailable(tool) ?? null,
  });
  const usable = (): Tool[] => [...tools.values()].filter((tool) => unavailable(tool) === undefined);

  return {
    add(tool) {
      if (!NAME.test(tool.name)) throw new Error(`Tool name "${tool.name}" must match ${String(NAME)}`);
      if (tools.has(tool.name)) throw new Error(`There are two tools called ${tool.name}`);
      tools.set(tool.name, tool);
      onChange();
      return () => {
        if (tools.get(tool.name) !== tool) return;
        tools.delete(tool.name);
        onChange();
      };
    },
    get: (name) => tools.get(name),
    policyOf,
    setPolicy(name, policy) {
      const tool = tools.get(name);
      if (!tool) throw toolError('tools.unknown', { tool: name });
      records.setPolicy(name, policy);
      onChange();
      return view(tool);
    },
    unavailable,
    views: () => [...tools.values()].map(view),
    common: () => usable().filter((tool) => tool.isCommon),
    search(words, limit) {
      const wanted = wordsOf(words);
      return usable()
        .map((tool) => ({ tool, score: scoreOf(tool, wanted) }))
        .filter(({ score }) => score > 0)
        .toSorted((left, right) => right.score - left.score || (left.tool.name < right.tool.name ? -1 : 1))
        .slice(0, limit)
        .map(({ tool }) => tool);
    },
  };
}

function wordsOf(text: string): string[] {
  return (text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []).filter((word) => word.length > 1);
}

function hasWord(words: readonly string[], word: string): boolean {
  return words.some(
    (each) => each === word || (Math.min(each.length, word.length) > 3 && (each.startsWith(word) || word.startsWith(each))),
  );
}

/** Name and keywords weigh most; a word counts when one begins with the other ("remind" and "reminder"). */
function scoreOf(tool: Tool, wanted: readonly string[]): number {
  const strong = wordsOf([tool.name.replaceAll('_', ' '), tool.title, ...tool.keywords].join(' '));
  const weak = wordsOf(tool.description);
  return wanted.reduce((sum, word) => sum + (hasWord(strong, word) ? 3 : hasWord(weak, word) ? 1 : 0), 0);
}
