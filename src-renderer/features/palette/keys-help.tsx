import { useTranslation } from 'react-i18next';
import { useCommands } from '../../app/actions-context.ts';
import { keyNames } from '../../app/commands.ts';
import { useCore, useServices } from '../../app/services.ts';
import { Dialog } from '../../ui/dialog.tsx';
import { KeyName } from '../../ui/key-name.tsx';

/** Every key on one page. */
export function KeysHelp() {
  const { t } = useTranslation();
  const { view } = useServices();
  const commands = useCommands();
  const platform = useCore((state) => state.snapshot?.platform ?? '');
  const shortcut = useCore((state) => state.snapshot?.pushToTalkShortcut);
  return (
    <Dialog open onClose={() => view.setState({ keysOpen: false })} title={t('keys.title')}>
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls has to be reachable by keyboard */}
      <div tabIndex={0} className="min-h-0 overflow-y-auto px-5 py-4">
        <p className="mb-3 text-small text-quiet">{t('keys.hint')}</p>
        <dl className="divide-y divide-line">
          {commands.map((command) => (
            <div key={command.id} className="flex items-center justify-between gap-4 py-2">
              <dt>{t(`commands.${command.id}`)}</dt>
              <dd>
                <KeyName keys={keyNames(command.keys, platform, t('common.space'))} />
              </dd>
            </div>
          ))}
          {shortcut && shortcut.accelerator !== '' && (
            <div className="flex items-center justify-between gap-4 py-2">
              <dt>
                {shortcut.registered
                  ? `${t('keys.everywhere')}: ${t(shortcut.hold ? 'keys.everywhereHold' : 'keys.everywhereToggle')}`
                  : t(`keys.everywhereOff.${troubleOf(shortcut.code)}`, { keys: shortcut.accelerator })}
              </dt>
              <dd>
                <KeyName keys={shortcut.accelerator} />
              </dd>
            </div>
          )}
        </dl>
      </div>
    </Dialog>
  );
}

/** Why the system's shortcut is not there; the code is the core's `shortcut.<trouble>`. */
function troubleOf(code: string | undefined): 'taken' | 'invalid' | 'wayland' {
  if (code === 'shortcut.wayland') return 'wayland';
  return code === 'shortcut.invalid' ? 'invalid' : 'taken';
}
