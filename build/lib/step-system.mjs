// @ts-check
import { installCommand, installParts, mayInstall, missingParts } from './system-packages.mjs';
import { SetupError } from './setup-error.mjs';

/** apt fetches roughly this much for a machine without any desktop. */
const LIBRARY_BYTES = 60e6;

/**
 * System packages: installed when we may, else the exact command is the error's sentence.
 * @param {readonly import('./system-packages.mjs').SystemPart[]} parts
 * @returns {import('./setup.mjs').Step}
 */
export function systemStep(parts) {
  return {
    id: 'system',
    title: 'System libraries',
    check: async () => ((await missingParts(parts)).length > 0 ? { bytes: mayInstall() ? LIBRARY_BYTES : 0, seconds: 15 } : undefined),
    run: async () => {
      const missing = await missingParts(parts);
      if (!mayInstall())
        throw new SetupError(
          'system.missing',
          `This system lacks ${missing.map((part) => part.name).join(', ')}: run ${await installCommand(missing)}`,
        );
      await installParts(missing);
      const still = await missingParts(missing);
      if (still.length > 0)
        throw new SetupError(
          'system.missing',
          `After the installation ${still.map((part) => part.name).join(', ')} is still not found: run npm run doctor.`,
        );
    },
    proof: async () => [],
  };
}
