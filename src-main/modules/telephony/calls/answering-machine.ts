/**
 * Who has taken a call that the assistant placed. A person says a word or two and waits; a machine reads a text. Numbers: Asterisk's AMD and others agree on
 * about 2.5 s for a person's greeting, half a second of silence after it, and nine words or more for a machine.
 */
export interface AnsweringMachineDetector {
  /** Words from the moment of answering on; `final`: the speaker has paused. */
  heard(words: { text: string; final: boolean; startMs: number; endMs: number }): 'human' | 'machine' | undefined;
  verdict(): 'human' | 'machine' | undefined;
}

const HUMAN_MOST_MS = 2_500;
const MACHINE_LEAST_MS = 5_000;
const MACHINE_WORDS = 9;
/** After so long nobody's greeting is a machine's any more: it is the conversation. */
const WINDOW_MS = 20_000;
const HINTS =
  /\b(?:leave (?:me |us )?(?:a |your )?(?:message|name)|after the (?:tone|beep)|at the (?:tone|beep)|voice ?mail|mailbox|not available (?:right now|at the moment)|(?:can't|cannot|unable to) (?:take|answer) (?:your|the) call|nach dem (?:signal|pfeif|piep)?ton|hinterlassen sie|hinterlass|anrufbeantworter|nicht erreichbar|nicht (?:ans telefon|persönlich)|mailbox von|sprachbox)\b/iu;

export function createAnsweringMachineDetector(): AnsweringMachineDetector {
  let verdict: 'human' | 'machine' | undefined;
  let spokenMs = 0;
  let spoken = '';
  return {
    verdict: () => verdict,
    heard({ text, final, startMs, endMs }) {
      if (verdict !== undefined) return undefined;
      const durationMs = spokenMs + Math.max(0, endMs - startMs);
      const words = `${spoken} ${text}`.trim();
      const count = words.split(/\s+/).filter(Boolean).length;
      if (HINTS.test(words) || durationMs >= MACHINE_LEAST_MS || count > MACHINE_WORDS) verdict = 'machine';
      else if (startMs > WINDOW_MS || (final && durationMs <= HUMAN_MOST_MS)) verdict = 'human';
      if (final) {
        spokenMs = durationMs;
        spoken = words;
      }
      return verdict;
    },
  };
}
