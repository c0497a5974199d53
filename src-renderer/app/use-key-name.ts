import { useTranslation } from 'react-i18next';
import { useCommands } from './actions-context.ts';
import { keyNames, type CommandId } from './commands.ts';
import { useCore, useSetting } from './services.ts';

/** The key of a command as it is printed on the caps; undefined when single keys are turned off and it is one. */
export function useKeyName(id: CommandId): string | undefined {
  const { t } = useTranslation();
  const platform = useCore(({ snapshot }) => snapshot?.platform ?? '');
  const singleKeys = useSetting('shortcuts.singleKeys', true);
  const command = useCommands().find((candidate) => candidate.id === id);
  if (!command || (command.single && !singleKeys)) return undefined;
  return keyNames(command.keys, platform, t('common.space'));
}
