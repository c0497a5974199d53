import { FolderOpen } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useServices, useSetting } from '../../app/services.ts';
import { Button } from '../../ui/button.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { Section } from './section.tsx';

const WORKSPACE_SETTING = 'tools.workspace';

/** The one folder that file tools and commands may see. A page in a browser has no dialog for folders, so there the path is typed. */
export function WorkspaceRow() {
  const { t } = useTranslation();
  const { bridge, settings, view } = useServices();
  const folder = useSetting(WORKSPACE_SETTING, '');
  const [typed, setTyped] = useState<string>();
  const { fail } = view.getState();
  const choose = async (): Promise<void> => {
    try {
      const chosen = await bridge.call('tools.chooseWorkspace', {});
      if (chosen) await settings.getState().load();
      else if (bridge.door === 'browser') setTyped(folder);
    } catch (error) {
      fail(error);
    }
  };
  const save = async (): Promise<void> => {
    try {
      await settings.getState().set(WORKSPACE_SETTING, (typed ?? '').trim());
      setTyped(undefined);
    } catch (error) {
      fail(error);
    }
  };
  return (
    <Section title={t('hands.workspace.title')} hint={t('hands.workspace.hint')}>
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
        <p className="min-w-[min(14rem,100%)] flex-1 verbatim text-small">{folder === '' ? t('hands.workspace.none') : folder}</p>
        <Button icon={<FolderOpen size="1rem" aria-hidden="true" />} onClick={() => void choose()}>
          {t('hands.workspace.choose')}
        </Button>
      </div>
      {typed !== undefined && (
        <form
          className="flex flex-wrap gap-2"
          onSubmit={(event) => {
            event.preventDefault();
            void save();
          }}
        >
          <TextField
            value={typed}
            aria-label={t('hands.workspace.path')}
            placeholder={t('hands.workspace.path')}
            onChange={(event) => setTyped(event.target.value)}
            className="min-w-[min(14rem,100%)] flex-1"
          />
          <Button type="submit">{t('common.save')}</Button>
          <Button look="quiet" onClick={() => setTyped(undefined)}>
            {t('common.cancel')}
          </Button>
        </form>
      )}
    </Section>
  );
}
