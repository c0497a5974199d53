import { useTranslation } from 'react-i18next';
import type { PhoneParty } from '../../../src-preload/contract/index.ts';
import { phoneText } from './phone-text.ts';

interface PartyWords {
  /** Name, else number, else "Number withheld". */
  title: string;
  /** The number where the title is a name; '' = there is no more to say. */
  number: string;
  standing: string;
}

/** How somebody at the other end is called on screen. The name comes from outside: it is shown as it is, never as markup. */
export function usePartyWords(): (party: PhoneParty) => PartyWords {
  const { t } = useTranslation();
  return (party) => {
    const number = phoneText(party.number);
    return {
      title: party.name || number || t('calls.withheld'),
      number: party.name === '' ? '' : number || t('calls.withheld'),
      standing: t(`calls.standings.${party.standing}`),
    };
  };
}
