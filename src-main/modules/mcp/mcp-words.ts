import type { LanguageCode } from '../../inference/contracts/index.ts';

interface Words {
  /** What a call is going to do, for the owner's card. */
  use(tool: string, server: string): string;
  signedIn: string;
  signInFailed: string;
}

const english: Words = {
  use: (tool, server) => `Use “${tool}” of ${server}`,
  signedIn: 'You are signed in. You can close this page and go back to OpenClaw Desktop.',
  signInFailed: 'Signing in did not work. Close this page and try again in OpenClaw Desktop.',
};

const german: Words = {
  use: (tool, server) => `„${tool}“ von ${server} benutzen`,
  signedIn: 'Du bist angemeldet. Du kannst diese Seite schließen und zu OpenClaw Desktop zurückkehren.',
  signInFailed: 'Die Anmeldung hat nicht geklappt. Schließe diese Seite und versuche es in OpenClaw Desktop noch einmal.',
};

/** The module's own words for people; those of the window are in the renderer's catalogues. */
export function mcpWords(language: LanguageCode): Words {
  return language === 'de' ? german : english;
}
