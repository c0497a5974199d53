// @ts-check
import { installParts, mayInstall, missingParts, testPhones } from './system-packages.mjs';

/** sip-tester, baresip-core and what they need, as apt fetches them on Debian 12. */
const PHONES_BYTES = 16e6;

const lacking = async () => (mayInstall() ? missingParts(testPhones) : []);

/**
 * The telephones that tests of the telephone call with, where we may install them. Elsewhere nothing: those tests are then skipped with their reason.
 * @returns {import('./setup.mjs').Step}
 */
export function phonesStep() {
  return {
    id: 'phones',
    title: 'Telephones for tests',
    check: async () => ((await lacking()).length > 0 ? { bytes: PHONES_BYTES, seconds: 15 } : undefined),
    run: async () => installParts(await lacking()),
    proof: async () => [],
  };
}
