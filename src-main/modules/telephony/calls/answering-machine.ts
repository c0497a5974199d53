/**
 * Who has taken a call that the assistant placed, by what they say. A person says a word or two and waits, or asks what it is about; a machine reads a text.
 * Asterisk's own detector (app_amd) is not used: it counts loud and quiet alone, has to decide before anybody is spoken to, and takes every office that says its
 * name in full for a machine. What is said is known here anyway.
 */
export interface AnsweringMachineDetector {
  /** Words from the moment of answering on; `final`: the speaker has paused. Tells each verdict once; a short word may still turn out to be a machine's. */
  heard(words: { text: string; final: boolean; startMs: number; endMs: number }): 'human' | 'machine' | undefined;
  verdict(): 'human' | 'machine' | undefined;
}

const HUMAN_MOST_MS = 2_500;
/** Nobody introduces themselves for so long, or with so many words. A wrong "machine" costs the call, a wrong "human" a sentence. */
const MACHINE_LEAST_MS = 7_000;
const MACHINE_WORDS = 16;
/** After so long nobody's greeting is a machine's any more: it is the conversation. */
const WINDOW_MS = 20_000;
/** Only machines say these. */
const MACHINE =
  /\b(?:(?:after|at) the (?:tone|beep)|the (?:number|person) you (?:have|are)|nach dem (?:signal|pfeif|piep)?ton|gewünschte (?:gesprächspartner|teilnehmer)|kein anschluss unter)\b/iu;
/** These are said by people as well: in an office, or of a message that they have got. */
const PERHAPS =
  /\b(?:voice ?mail|mailbox|sprachbox|anrufbeantworter|you(?: ha|['’])ve reached|leave (?:me |us )?(?:a |your )?(?:message|name)|not available (?:right now|at the moment)|(?:can't|cannot|unable to) (?:take|answer) (?:your|the) call|hinterlass(?:en sie)?|nicht erreichbar|nicht (?:ans telefon|persönlich))\b/iu;
const PERSON =
  /\b(?:(?:how|what) (?:can|may) (?:i|we) (?:help|do)|can i (?:take|help|ask)|may i ask|who(?:'s| is) (?:this|calling|speaking)|speaking|(?:was|wie|womit) (?:kann|darf|können|dürfen) (?:ich|wir)|kann ich (?:ihnen|dir|etwas|was)|mit wem spreche|wer (?:ist|spricht)|am apparat|was gibt's)\b/iu;

export function createAnsweringMachineDetector(): AnsweringMachineDetector {
  let verdict: 'human' | 'machine' | undefined;
  let spokenMs = 0;
  let spoken = '';
  return {
    verdict: () => verdict,
    heard({ text, final, startMs, endMs }) {
      if (verdict === 'machine' || (verdict === 'human' && startMs > WINDOW_MS)) return undefined;
      const durationMs = spokenMs + Math.max(0, endMs - startMs);
      const words = `${spoken} ${text}`.trim();
      const next = startMs > WINDOW_MS ? 'human' : judge(words, durationMs, final);
      if (final) {
        spokenMs = durationMs;
        spoken = words;
      }
      // A person who goes on to speak stays one, whatever the length.
      if (next === undefined || next === verdict || (verdict === 'human' && !MACHINE.test(words))) return undefined;
      verdict = next;
      return verdict;
    },
  };
}

function judge(words: string, durationMs: number, isPause: boolean): 'human' | 'machine' | undefined {
  if (MACHINE.test(words)) return 'machine';
  if (isPause && PERSON.test(words)) return 'human';
  const isLong = durationMs >= MACHINE_LEAST_MS || words.split(/\s+/).length > MACHINE_WORDS;
  if (isLong || (isPause && PERHAPS.test(words))) return 'machine';
  return isPause && durationMs <= HUMAN_MOST_MS ? 'human' : undefined;
}
