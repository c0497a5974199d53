import { useTranslation } from 'react-i18next';
import type { PhoneCall } from '../../../src-preload/contract/index.ts';
import { assertNever } from '../../assert-never.ts';
import { useNumberName } from './use-number-name.ts';

/** What a call is doing, in a few words: "The assistant speaks", "On hold", "Busy". */
export function useCallLine(): (call: PhoneCall) => string {
  const { t } = useTranslation();
  const nameOf = useNumberName();
  return ({ state }) => {
    switch (state.state) {
      case 'ringing':
        return t('calls.line.rings');
      case 'dialing':
        return t(state.ringing ? 'calls.line.ringsThere' : 'calls.line.dialing');
      case 'talking':
        if (state.consulting)
          return t(state.consulting.answered ? 'calls.line.consults' : 'calls.line.asks', { who: nameOf(state.consulting.number) });
        return state.held ? t('calls.line.held') : t(`calls.line.by.${state.by}`);
      case 'ended':
        return t(`calls.ends.${state.reason}`);
      default:
        return assertNever(state);
    }
  };
}
