import { useTranslation } from 'react-i18next';
import { Button } from './button.tsx';
import { Dialog } from './dialog.tsx';

interface ConfirmProps {
  open: boolean;
  title: string;
  /** What will be gone, and whether it can come back. */
  text: string;
  action: string;
  onConfirm: () => void;
  onClose: () => void;
}

/** Asks once before something that takes time or data to take back. */
export function Confirm({ open, title, text, action, onConfirm, onClose }: ConfirmProps) {
  const { t } = useTranslation();
  return (
    <Dialog open={open} onClose={onClose} title={title}>
      <p className="px-5 pt-4 text-base text-quiet">{text}</p>
      <div className="flex flex-wrap justify-end gap-2 p-5">
        <Button onClick={onClose}>{t('common.cancel')}</Button>
        <Button
          look="danger"
          onClick={() => {
            onConfirm();
            onClose();
          }}
        >
          {action}
        </Button>
      </div>
    </Dialog>
  );
}
