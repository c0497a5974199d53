import { useTranslation } from 'react-i18next';
import { useActions } from '../../app/actions-context.ts';
import { Button } from '../../ui/button.tsx';

/** While the face is in its small window: says so on the stage, with the way back. Two moving pictures of one face would only cost twice. */
export function FaceAway({ name }: { name: string }) {
  const { t } = useTranslation();
  const { toggleFaceWindow } = useActions();
  return (
    <div className="absolute inset-x-0 top-[8%] flex flex-col items-center gap-3 px-6 text-center band:right-[56%]">
      <p className="on-stage text-large">{t('stage.away', { name })}</p>
      <Button onClick={toggleFaceWindow} className="bg-ground">
        {t('stage.bringBack')}
      </Button>
    </div>
  );
}
