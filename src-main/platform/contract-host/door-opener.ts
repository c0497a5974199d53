/** Opens the web door when it is first wanted, once. A door that could not be opened is tried anew. */
export function createDoorOpener<Door>(open: () => Promise<Door>): () => Promise<Door> {
  let door: Promise<Door> | undefined;
  return () => {
    door ??= open().catch((error: unknown) => {
      door = undefined;
      throw error;
    });
    return door;
  };
}
