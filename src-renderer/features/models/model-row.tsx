import { Check, CircleHelp, Download, Pause, Play, Trash2, X } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { CallName, ModelView } from '../../../src-preload/contract/index.ts';
import { useServices } from '../../app/services.ts';
import { formatBytes, formatLanguages } from '../../i18n/format.ts';
import { Button } from '../../ui/button.tsx';
import { Confirm } from '../../ui/confirm.tsx';
import { IconButton } from '../../ui/icon-button.tsx';
import { Tip } from '../../ui/tip.tsx';
import { Badge } from './badge.tsx';
import { DownloadState } from './download-state.tsx';

type ModelCall = Extract<CallName, 'models.download' | 'models.pause' | 'models.cancel' | 'models.delete' | 'models.use'>;

/** One model: what it is, whether it fits, what can be done with it. */
export function ModelRow({ model, isRecommended }: { model: ModelView; isRecommended: boolean }) {
  const { t, i18n } = useTranslation();
  const { bridge, view, models } = useServices();
  const [confirming, setConfirming] = useState(false);
  const { status } = model;
  const installed = status.status === 'installed';
  const act = async (call: ModelCall): Promise<void> => {
    const { toast, fail } = view.getState();
    try {
      await bridge.call(call, { modelId: model.id });
      await models.getState().load();
      if (call === 'models.use') toast({ kind: 'done', content: { key: 'modelInUse', values: { name: model.name } } });
      if (call === 'models.delete') {
        const isOwnFile = model.origin === 'imported';
        toast({
          kind: isOwnFile ? 'done' : 'undo',
          content: { key: 'modelDeleted', values: { name: model.name } },
          ...(isOwnFile ? {} : { undo: () => void act('models.download') }),
        });
      }
    } catch (error) {
      fail(error);
    }
  };

  return (
    <li className="flex flex-col gap-2 py-3.5">
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
        <div className="min-w-[min(14rem,100%)] flex-1">
          <div className="flex flex-wrap items-center gap-x-2.5 gap-y-1">
            <h3 className="font-medium [overflow-wrap:anywhere]">{model.name}</h3>
            <Badges model={model} isRecommended={isRecommended} />
          </div>
          <p className="text-small text-quiet">
            {t('models.size', { size: formatBytes(i18n.language, model.sizeBytes), memory: formatBytes(i18n.language, model.memoryBytes) })}
            {' · '}
            {model.languages.length > MANY_LANGUAGES || model.languages.length === 0
              ? t('models.anyLanguage')
              : formatLanguages(i18n.language, model.languages)}
            {' · '}
            {model.licence}
          </p>
        </div>
        <div className="flex flex-none items-center gap-1.5">
          <RowActions model={model} act={(call) => void act(call)} onDelete={() => setConfirming(true)} />
        </div>
      </div>
      <DownloadState model={model} />
      <Confirm
        open={confirming}
        title={t('models.deleteTitle', { name: model.name })}
        text={t(model.origin === 'imported' ? 'models.deleteImportedText' : 'models.deleteText', {
          size: formatBytes(i18n.language, installed ? status.sizeBytes : model.sizeBytes),
        })}
        action={t('common.delete')}
        onConfirm={() => void act('models.delete')}
        onClose={() => setConfirming(false)}
      />
    </li>
  );
}

/** Beyond this, names of languages are a wall of text. */
const MANY_LANGUAGES = 6;

function Badges({ model, isRecommended }: { model: ModelView; isRecommended: boolean }) {
  const { t } = useTranslation();
  const inUse = model.status.status === 'installed' && model.status.inUse;
  return (
    <>
      {inUse && (
        <Badge tone="good">
          <Check size="0.8125rem" aria-hidden="true" />
          {t('models.inUse')}
        </Badge>
      )}
      {model.fit !== 'fits' && <Badge tone={model.fit === 'slow' ? 'careful' : 'bad'}>{t(`models.fit.${model.fit}`)}</Badge>}
      {isRecommended && !inUse && <Badge>{t('models.packs.recommended')}</Badge>}
      {!isRecommended && !inUse && model.packs.includes('starter') && <Badge>{t('models.packs.starter')}</Badge>}
      {model.origin === 'imported' && <Badge>{t('models.imported')}</Badge>}
      {model.verification === 'hub' && (
        <Tip label={t('models.unverifiedHint')}>
          <button type="button" className="inline-flex items-center gap-1 rounded-small text-small text-quiet underline decoration-dotted">
            <CircleHelp size="0.8125rem" aria-hidden="true" />
            {t('models.unverified')}
          </button>
        </Tip>
      )}
    </>
  );
}

interface RowActionsProps {
  model: ModelView;
  act: (call: ModelCall) => void;
  onDelete: () => void;
}

function RowActions({ model, act, onDelete }: RowActionsProps) {
  const { t, i18n } = useTranslation();
  const cancel = (
    <IconButton label={t('models.cancelDownload')} onClick={() => act('models.cancel')}>
      <X size="1.125rem" aria-hidden="true" />
    </IconButton>
  );
  switch (model.status.status) {
    case 'absent':
      return (
        <Button
          disabled={model.fit === 'does-not-fit'}
          icon={<Download size="1rem" aria-hidden="true" />}
          aria-label={t('models.downloadNamed', { name: model.name, size: formatBytes(i18n.language, model.sizeBytes) })}
          onClick={() => act('models.download')}
        >
          {t('models.download')}
        </Button>
      );
    case 'queued':
    case 'verifying':
      return cancel;
    case 'downloading':
      return (
        <>
          <IconButton label={t('models.pause')} onClick={() => act('models.pause')}>
            <Pause size="1.125rem" aria-hidden="true" />
          </IconButton>
          {cancel}
        </>
      );
    case 'paused':
    case 'failed':
      return (
        <>
          <Button icon={<Play size="1rem" aria-hidden="true" />} onClick={() => act('models.download')}>
            {t(model.status.status === 'paused' ? 'models.resume' : 'common.retry')}
          </Button>
          {cancel}
        </>
      );
    case 'installed':
      return (
        <>
          {!model.status.inUse && isChosen(model) && (
            <Button
              disabled={model.fit === 'does-not-fit'}
              aria-label={t('models.useNamed', { name: model.name })}
              onClick={() => act('models.use')}
            >
              {t('models.use')}
            </Button>
          )}
          {!model.status.inUse && (
            <IconButton label={t('models.deleteNamed', { name: model.name })} onClick={onDelete}>
              <Trash2 size="1.125rem" aria-hidden="true" />
            </IconButton>
          )}
        </>
      );
  }
}

/** Helpers are used where they are needed; there is nothing to choose. */
function isChosen({ job }: ModelView): boolean {
  return job === 'language' || job === 'recognition' || job === 'synthesis';
}
