import type { CatalogueOf } from './catalogue.ts';
import type { errorsEn } from './errors.en.ts';

export const errorsDe: CatalogueOf<typeof errorsEn> = {
  internal: { unexpected: 'Etwas Unerwartetes ist schiefgegangen. Versuch es noch einmal.' },
  bridge: {
    lost: 'Die Verbindung zu OpenClaw wurde unterbrochen. Sie kommt von selbst wieder; versuch es dann noch einmal.',
  },
};
