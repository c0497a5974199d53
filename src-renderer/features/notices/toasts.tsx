import { X } from 'lucide-react';
import { Toast as RadixToast } from 'radix-ui';
import { useTranslation } from 'react-i18next';
import { useServices, useView } from '../../app/services.ts';
import { errorText } from '../../i18n/error-text.ts';
import type { Toast } from '../../stores/view-store.ts';
import { Button } from '../../ui/button.tsx';
import { IconButton } from '../../ui/icon-button.tsx';

const SHOWN_MS: Record<Toast['kind'], number> = { done: 4000, undo: 10_000, problem: Infinity };

/** Short messages at the window's head, where they cover neither the dock nor the input. They wait while the pointer or the focus is on them; F8 leads to them. */
export function Toasts() {
  const { t } = useTranslation();
  const toasts = useView((state) => state.toasts);
  return (
    <RadixToast.Provider label={t('toast.label')} swipeDirection="up">
      {toasts.map((toast) => (
        <ToastCard key={toast.id} toast={toast} />
      ))}
      <RadixToast.Viewport
        label={t('toast.label')}
        className="pointer-events-none fixed top-[calc(var(--call-bar,0px)+0.75rem)] left-1/2 z-50 flex w-[min(30rem,calc(100vw-2rem))] -translate-x-1/2 flex-col gap-2 outline-none"
      />
    </RadixToast.Provider>
  );
}

function ToastCard({ toast }: { toast: Toast }) {
  const { t, i18n } = useTranslation();
  const { view } = useServices();
  const { content } = toast;
  // Keys of toasts are chosen in code, see view-store.ts; the i18n test looks for each of them.
  const words = 'error' in content ? errorText(i18n, content.error) : String(t(`toast.${content.key}` as never, content.values as never));
  return (
    <RadixToast.Root
      duration={SHOWN_MS[toast.kind]}
      type={toast.kind === 'problem' ? 'foreground' : 'background'}
      onOpenChange={(open) => open || view.getState().closeToast(toast.id)}
      className="pointer-events-auto flex items-center gap-3 rounded-base border border-line bg-raised py-2 pr-2 pl-4 shadow-float"
    >
      <RadixToast.Description className="min-w-0 grow [overflow-wrap:anywhere]">{words}</RadixToast.Description>
      {toast.undo && (
        <RadixToast.Action asChild altText={t('common.undo')}>
          <Button onClick={toast.undo}>{t('common.undo')}</Button>
        </RadixToast.Action>
      )}
      {toast.retry && (
        <RadixToast.Action asChild altText={t('common.retry')}>
          <Button onClick={toast.retry}>{t('common.retry')}</Button>
        </RadixToast.Action>
      )}
      <RadixToast.Close asChild>
        <IconButton label={t('common.close')} size="small">
          <X size="1rem" aria-hidden="true" />
        </IconButton>
      </RadixToast.Close>
    </RadixToast.Root>
  );
}
