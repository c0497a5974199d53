import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';
import type { ToolSource } from '../../../src-preload/contract/index.ts';

/** What people call a tool: its words in the catalogue, or its own name with the server that it comes from. */
export function useToolName(): (tool: string, source: ToolSource) => string {
  const { t, i18n } = useTranslation();
  return useCallback(
    (tool, source) => {
      if (source.kind === 'mcp') return t('tools.ofServer', { tool: plainName(tool), server: source.serverName });
      // Names come from the core at run time.
      const key = `tools.names.${tool}`;
      return i18n.exists(key) ? String(t(key as never)) : plainName(tool);
    },
    [t, i18n],
  );
}

function plainName(tool: string): string {
  return tool.replaceAll('_', ' ');
}
