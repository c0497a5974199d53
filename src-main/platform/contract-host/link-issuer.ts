import type { WebDoor } from './door-web.ts';

/** Opens the web door when the owner first asks for a link, and gives a fresh link each time. A door that could not be opened is tried anew. */
export function createLinkIssuer(open: () => Promise<Pick<WebDoor, 'issueLink'>>): () => Promise<string> {
  let door: ReturnType<typeof open> | undefined;
  return async () => {
    door ??= open().catch((error: unknown) => {
      door = undefined;
      throw error;
    });
    return (await door).issueLink();
  };
}
