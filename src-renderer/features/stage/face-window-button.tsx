import { PictureInPicture2 } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useActions } from '../../app/actions-context.ts';
import { useServices, useView } from '../../app/services.ts';
import { useKeyName } from '../../app/use-key-name.ts';
import { IconButton } from '../../ui/icon-button.tsx';

/** Gives the face its small window. Only where there is a desktop for it to lie on. */
export function FaceWindowButton() {
  const { t } = useTranslation();
  const { toggleFaceWindow } = useActions();
  const { bridge } = useServices();
  const open = useView((state) => state.faceWindowOpen);
  const key = useKeyName('faceWindow');
  if (bridge.door === 'browser') return null;
  return (
    <IconButton
      label={t('stage.faceWindow')}
      shortcut={key}
      aria-pressed={open}
      onClick={toggleFaceWindow}
      className="dock-button text-text!"
    >
      <PictureInPicture2 size="1.125rem" aria-hidden="true" />
    </IconButton>
  );
}
