import type { SystemKeyStore } from '../../src-main/platform/secrets/index.ts';

/** A key store of the system that the test locks and unlocks. Sealing is only turning round: what matters is who can open. */
export interface ScriptedKeyStore extends SystemKeyStore {
  /** Absent as on a desktop without one, with this reason; undefined = there and open. */
  absence: string | undefined;
  /** Rejects whatever it is asked to open, as after a change of password from outside. */
  refuses: boolean;
  resealAdvised: boolean;
}

export function createScriptedKeyStore(): ScriptedKeyStore {
  return {
    absence: undefined,
    refuses: false,
    resealAdvised: false,
    async status() {
      return this.absence === undefined ? { protected: true, backend: 'scripted' } : { protected: false, reason: this.absence };
    },
    async seal(text) {
      return turn(Buffer.from(text));
    },
    async open(sealed) {
      if (this.refuses) throw new Error('not yours');
      return { text: turn(sealed).toString(), resealAdvised: this.resealAdvised };
    },
  };
}

function turn(bytes: Buffer): Buffer {
  return Buffer.from(bytes.toReversed());
}
