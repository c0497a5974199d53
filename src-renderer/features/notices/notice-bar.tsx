import { CircleAlert, Info, TriangleAlert, X, type LucideIcon } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Notice } from '../../../src-preload/contract/index.ts';
import { useActions } from '../../app/actions-context.ts';
import { useCore, useServices } from '../../app/services.ts';
import { errorText } from '../../i18n/error-text.ts';
import { Button } from '../../ui/button.tsx';
import { classNames } from '../../ui/class-names.ts';
import { IconButton } from '../../ui/icon-button.tsx';
import { noticeAction } from './notice-action.ts';

const ICONS: Record<Notice['level'], LucideIcon> = { info: Info, 'needs-you': CircleAlert, problem: TriangleAlert };
const TONES: Record<Notice['level'], string> = { info: 'text-quiet', 'needs-you': 'text-needs-you', problem: 'text-danger' };
const SHOWN = 2;
const NONE: readonly Notice[] = [];

/** What the owner should know: one sentence, one button. The newest first; more than two wait behind a line. */
export function NoticeBar() {
  const { t } = useTranslation();
  const notices = useCore((state) => state.snapshot?.notices ?? NONE);
  const [all, setAll] = useState(false);
  if (notices.length === 0) return null;
  const newestFirst = notices.toReversed();
  const hidden = newestFirst.length - SHOWN;
  return (
    <section aria-label={t('notices.label')} className="max-h-[40dvh] flex-none overflow-y-auto border-b border-line bg-raised">
      <div aria-live="polite">
        <ul className="divide-y divide-line">
          {(all ? newestFirst : newestFirst.slice(0, SHOWN)).map((notice) => (
            <NoticeRow key={notice.id} notice={notice} />
          ))}
        </ul>
      </div>
      {hidden > 0 && !all && (
        <Button look="quiet" className="mx-2 my-1" onClick={() => setAll(true)}>
          {t('notices.more', { count: hidden })}
        </Button>
      )}
    </section>
  );
}

function NoticeRow({ notice }: { notice: Notice }) {
  const { t, i18n } = useTranslation();
  const services = useServices();
  const actions = useActions();
  const Icon = ICONS[notice.level];
  const act = noticeAction(notice, services, actions);
  return (
    <li className="flex flex-wrap items-center gap-x-3 gap-y-2 px-4 py-2">
      <Icon size="1.125rem" className={classNames('flex-none', TONES[notice.level])} aria-label={t(`notices.${notice.level}`)} />
      <p className="min-w-[min(12rem,100%)] flex-1">{errorText(i18n, notice)}</p>
      <span className="ml-auto flex flex-none items-center gap-2">
        {act && notice.action !== 'none' && <Button onClick={act}>{t(`notices.actions.${notice.action}`)}</Button>}
        <IconButton
          label={t('notices.dismiss')}
          size="small"
          onClick={() => void services.core.getState().dismissNotice(notice.id).catch(services.view.getState().fail)}
        >
          <X size="1rem" aria-hidden="true" />
        </IconButton>
      </span>
    </li>
  );
}
