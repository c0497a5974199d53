import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { CallResult } from '../../../src-preload/contract/index.ts';
import { useServices } from '../../app/services.ts';
import { formatBytes, formatDateTime } from '../../i18n/format.ts';
import { Button } from '../../ui/button.tsx';
import { Confirm } from '../../ui/confirm.tsx';

type Backup = CallResult<'store.backups'>[number];

/** Copies of all conversations, and the way back to one of them. */
export function Backups({ isSought }: { isSought: boolean }) {
  const { t, i18n } = useTranslation();
  const { bridge, view, chat } = useServices();
  const [backups, setBackups] = useState<readonly Backup[]>();
  const [confirming, setConfirming] = useState<Backup>();
  const sectionRef = useRef<HTMLElement>(null);
  useEffect(() => {
    bridge.call('store.backups', {}).then(setBackups, view.getState().fail);
  }, [bridge, view]);
  const isLoaded = backups !== undefined;
  useEffect(() => {
    if (isSought && isLoaded) sectionRef.current?.scrollIntoView({ block: 'center' });
  }, [isSought, isLoaded]);

  const when = (backup: Backup): string => formatDateTime(i18n.language, backup.createdAtMs);
  const restore = async (backup: Backup): Promise<void> => {
    try {
      await bridge.call('store.restoreBackup', { fileName: backup.fileName });
      await Promise.all([chat.getState().loadConversations(), chat.getState().open(null)]);
      view.getState().toast({ kind: 'done', content: { key: 'backupRestored' } });
    } catch (error) {
      view.getState().fail(error);
    }
  };
  return (
    <section ref={sectionRef} aria-label={t('settings.backups.title')}>
      <h3 className="font-medium">{t('settings.backups.title')}</h3>
      <p className="text-small text-quiet">{t('settings.backups.hint')}</p>
      {backups?.length === 0 && <p className="mt-2">{t('settings.backups.none')}</p>}
      <ul className="mt-2 divide-y divide-line border-y border-line empty:border-0">
        {backups?.map((backup) => (
          <li key={backup.fileName} className="flex flex-wrap items-center gap-x-4 gap-y-1 py-2">
            <span className="grow">{when(backup)}</span>
            <span className="text-small text-quiet tabular-nums">{formatBytes(i18n.language, backup.sizeBytes)}</span>
            <Button aria-label={t('settings.backups.restoreNamed', { when: when(backup) })} onClick={() => setConfirming(backup)}>
              {t('settings.backups.restore')}
            </Button>
          </li>
        ))}
      </ul>
      {confirming && (
        <Confirm
          open
          title={t('settings.backups.confirmTitle', { when: when(confirming) })}
          text={t('settings.backups.confirmText')}
          action={t('settings.backups.restore')}
          onConfirm={() => void restore(confirming)}
          onClose={() => setConfirming(undefined)}
        />
      )}
    </section>
  );
}
