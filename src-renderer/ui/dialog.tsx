import { Dialog as RadixDialog } from 'radix-ui';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { X } from 'lucide-react';
import { classNames } from './class-names.ts';
import { useFocusReturn } from './focus-return.ts';
import { IconButton } from './icon-button.tsx';

interface DialogProps extends DialogWindowProps {
  open: boolean;
}

interface DialogWindowProps {
  onClose: () => void;
  title: string;
  /** Leaves the title to screen readers where the content says it itself. */
  titleHidden?: boolean;
  className?: string;
  children: ReactNode;
}

/** Something that needs an answer before anything else. */
export function Dialog({ open, ...rest }: DialogProps) {
  return open && <DialogWindow {...rest} />;
}

/**
 * The veil is a plain element: Radix's own overlay writes a style sheet into the page, which our content security policy forbids, to lock a scroll that
 * this page does not have.
 */
function DialogWindow({ onClose, title, titleHidden = false, className, children }: DialogWindowProps) {
  const { t } = useTranslation();
  const returnFocus = useFocusReturn();
  return (
    <RadixDialog.Root open onOpenChange={(next) => next || onClose()}>
      <RadixDialog.Portal>
        <div className="fixed inset-0 z-40 bg-veil" aria-hidden="true" />
        <RadixDialog.Content
          aria-describedby={undefined}
          onOpenAutoFocus={focusFirstField}
          onCloseAutoFocus={returnFocus}
          className={classNames(
            'fixed top-[12vh] left-1/2 z-50 flex max-h-[76vh] w-[min(36rem,calc(100vw-2rem))] -translate-x-1/2 flex-col overflow-hidden rounded-base border border-line bg-raised shadow-float outline-none',
            className,
          )}
        >
          {titleHidden ? (
            <RadixDialog.Title className="sr-only">{title}</RadixDialog.Title>
          ) : (
            <header className="flex items-center justify-between gap-4 border-b border-line py-3 pr-3 pl-5">
              <RadixDialog.Title className="text-large font-semibold">{title}</RadixDialog.Title>
              <IconButton label={t('common.close')} size="small" onClick={onClose}>
                <X size="1.125rem" aria-hidden="true" />
              </IconButton>
            </header>
          )}
          {children}
        </RadixDialog.Content>
      </RadixDialog.Portal>
    </RadixDialog.Root>
  );
}

/** A field if there is one, else the dialog itself: the first button is "Close", and its tooltip would be the first thing to see. */
function focusFirstField(event: Event): void {
  if (!(event.currentTarget instanceof HTMLElement)) return;
  event.preventDefault();
  (event.currentTarget.querySelector<HTMLElement>('input, textarea') ?? event.currentTarget).focus();
}
