import type { i18n } from 'i18next';
import { rungCall } from '../stores/phone-store.ts';
import type { Services } from './services.ts';

/** Says in the title, which a hidden window or tab shows alone, who is calling. Runs as long as the page. */
export function keepTitle(words: i18n, { phone }: Pick<Services, 'phone'>): void {
  const own = document.title;
  phone.subscribe((state) => {
    const party = rungCall(state)?.party;
    const title = party ? words.t('calls.ringing.title', { name: party.name || party.number || words.t('calls.withheld') }) : own;
    if (document.title !== title) document.title = title;
  });
}
