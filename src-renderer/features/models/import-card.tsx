import { FileUp } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useServices } from '../../app/services.ts';
import { Button } from '../../ui/button.tsx';
import { TextField } from '../../ui/text-field.tsx';

type ImportJob = 'language' | 'synthesis';

/** A model from the own disk. In the window the system's file dialog asks for it; in a browser its path on the core's computer is typed. */
export function ImportCard() {
  const { t } = useTranslation();
  const { bridge, models, view } = useServices();
  const [path, setPath] = useState('');
  const [busy, setBusy] = useState(false);
  const needsPath = bridge.door === 'browser';
  const take = async (job: ImportJob): Promise<void> => {
    setBusy(true);
    try {
      const imported = await bridge.call('models.import', needsPath ? { job, path: path.trim() } : { job });
      // Null = the file dialog was closed without a choice.
      if (!imported) return;
      await models.getState().load();
      const name = models.getState().view?.models.find((model) => model.id === imported.modelId)?.name ?? imported.modelId;
      view.getState().toast({ kind: 'done', content: { key: 'imported', values: { name } } });
      setPath('');
    } catch (error) {
      view.getState().fail(error);
    } finally {
      setBusy(false);
    }
  };
  const disabled = busy || (needsPath && path.trim() === '');
  return (
    <section aria-label={t('models.importTitle')}>
      <h2 className="text-large font-semibold">{t('models.importTitle')}</h2>
      <p className="mb-3 text-small text-quiet">{t('models.importText')}</p>
      {needsPath && (
        <TextField
          className="mb-3"
          aria-label={t('models.importPath')}
          placeholder={t('models.importPath')}
          value={path}
          maxLength={4000}
          onChange={(event) => setPath(event.target.value)}
        />
      )}
      <div className="flex flex-wrap gap-2">
        <Button disabled={disabled} icon={<FileUp size="1rem" aria-hidden="true" />} onClick={() => void take('language')}>
          {t('models.importLanguage')}
        </Button>
        <Button disabled={disabled} icon={<FileUp size="1rem" aria-hidden="true" />} onClick={() => void take('synthesis')}>
          {t('models.importVoice')}
        </Button>
      </div>
    </section>
  );
}
