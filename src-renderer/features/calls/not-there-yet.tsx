import { useTranslation } from 'react-i18next';
import { Button } from '../../ui/button.tsx';
import type { useLoad } from './use-load.ts';

/** In the place of what is being asked for, or did not come. */
export function NotThereYet({ failed, again }: ReturnType<typeof useLoad>) {
  const { t } = useTranslation();
  if (!failed) return <p className="text-quiet">{t('common.loading')}</p>;
  return (
    <div>
      <Button onClick={again}>{t('common.retry')}</Button>
    </div>
  );
}
