import { FileText, X } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useHands, useServices } from '../../app/services.ts';
import { IconButton } from '../../ui/icon-button.tsx';

/** What the assistant can read now because the owner shows it, above the input, and the way to take it away. */
export function SharedPageChip() {
  const { t } = useTranslation();
  const { hands, view } = useServices();
  const page = useHands((state) => state.sharedPage);
  if (!page) return null;
  return (
    <div
      data-shared-page
      className="flex max-w-full min-w-0 items-center gap-2 self-start rounded-base border border-line bg-raised py-0.5 pr-0.5 pl-3 text-small"
    >
      <FileText size="1rem" aria-hidden="true" className="flex-none text-quiet" />
      <span className="min-w-0 truncate" title={page.address || page.title}>
        {t('tools.page.shown', { title: page.title })}
      </span>
      <IconButton
        label={t('tools.page.away')}
        size="small"
        onClick={() => void hands.getState().sharePage(undefined).catch(view.getState().fail)}
      >
        <X size="1rem" aria-hidden="true" />
      </IconButton>
    </div>
  );
}
