import { useTranslation } from 'react-i18next';
import { useServices, useSoftphone } from '../../app/services.ts';
import { Button } from '../../ui/button.tsx';

/** Why calls are not spoken on this page, and the way to change that. */
export function TelephoneElsewhere() {
  const { t } = useTranslation();
  const { phoneEnd, view } = useServices();
  const isElsewhere = useSoftphone(({ line }) => line.state === 'elsewhere');
  const { softphone } = phoneEnd;
  if (!isElsewhere || !softphone)
    return <p className="text-small text-quiet">{t(softphone ? 'calls.telephone.off' : 'calls.telephone.none')}</p>;
  return (
    <p className="flex flex-wrap items-center gap-x-3 gap-y-1 text-small text-quiet">
      <span>{t('calls.telephone.elsewhere')}</span>
      <Button className="min-h-8 px-3 text-small!" onClick={() => void softphone.takeOver().catch(view.getState().fail)}>
        {t('calls.telephone.takeOver')}
      </Button>
    </p>
  );
}
