import { useTranslation } from 'react-i18next';
import { usePhone } from '../../app/services.ts';

/** How a call comes or goes: the trunk by its name, an own phone, a GSM stick. */
export function useWayName(): (way: string) => string {
  const { t } = useTranslation();
  const trunks = usePhone((state) => state.status?.trunks);
  return (way) => {
    if (way === 'internal' || way === 'dongle' || way === 'audiosocket') return t(`calls.ways.${way}`);
    return trunks?.find((trunk) => trunk.id === way)?.name ?? way;
  };
}
