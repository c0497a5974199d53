import { OctagonX } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useActions } from '../../app/actions-context.ts';
import { useKill } from '../../app/services.ts';
import { useKeyName } from '../../app/use-key-name.ts';
import { IconButton } from '../../ui/icon-button.tsx';

/** The off-switch beside the talk button. Eight corners and filled: nobody takes it for the square that ends an answer. */
export function StopAllButton() {
  const { t } = useTranslation();
  const actions = useActions();
  const isOff = useKill((state) => state.kill?.level === 5);
  return (
    <IconButton
      label={t('stop.button')}
      shortcut={useKeyName('stopAll')}
      aria-pressed={isOff}
      size="large"
      onClick={() => (isOff ? actions.startAgain() : actions.stopEverything())}
      className="bg-danger-fill! text-white! hover:brightness-110"
    >
      <OctagonX size="1.375rem" aria-hidden="true" />
    </IconButton>
  );
}
