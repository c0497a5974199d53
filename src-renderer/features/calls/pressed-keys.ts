/** A key that was pressed in a call, and what became of its tone. */
export interface PressedKey {
  id: number;
  digit: string;
  state: 'on-its-way' | 'sent' | 'failed';
}

/** As many as fit into the line above the keys. */
const MAX_KEYS = 24;

/** One more. What failed before it has been said by now. */
export function withKey(keys: readonly PressedKey[], id: number, digit: string): readonly PressedKey[] {
  return [...keys.filter(({ state }) => state !== 'failed'), { id, digit, state: 'on-its-way' as const }].slice(-MAX_KEYS);
}

export function withOutcome(keys: readonly PressedKey[], id: number, state: 'sent' | 'failed'): readonly PressedKey[] {
  return keys.map((key) => (key.id === id ? { ...key, state } : key));
}

/** Their digits, in the order in which they were pressed. */
export function digitsThat(keys: readonly PressedKey[], state: PressedKey['state']): string {
  return keys
    .filter((key) => key.state === state)
    .map(({ digit }) => digit)
    .join('');
}
