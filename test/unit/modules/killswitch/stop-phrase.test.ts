import { describe, expect, it } from 'vitest';
import { isStopPhrase } from '../../../../src-main/modules/killswitch/stop-phrase.ts';

describe('isStopPhrase', () => {
  it.each([
    'stop everything',
    'Stop everything.',
    'STOP EVERYTHING!!!',
    'please stop everything',
    'Stop everything now, please!',
    'Hey, stop everything!',
    'Emergency stop.',
    'kill switch',
    'Kill-switch!',
    'Nova, stop everything.',
    'okay Nova stop all',
    'Shut everything down immediately.',
    // As the small recogniser wrote "Please stop everything!", "Stop everything now!" and "Emergency stop!".
    'Play stop everything.',
    'Sop everything now,',
    'Emergency stopped.',
    'Alles stopp!',
    'stopp alles',
    'Stop alles.',
    'Stoppe alles',
    'Bitte halt alles an.',
    'Halte alles an!',
    'Not-Aus!',
    'Notaus.',
    'Not aus',
    'Nothalt',
    'Notstopp!',
    'Alles aus, sofort!',
    'Schalte alles ab, bitte.',
    'Hör mit allem auf!',
  ])('is yes for %s', (words) => {
    expect(isStopPhrase(words, { names: ['Nova'] })).toBe(true);
  });

  it.each([
    '',
    'stop',
    'Stop it.',
    'Stop, stop, stop!',
    'please',
    'he said stop everything',
    'What happens when I say stop everything?',
    'stop everything that I do not need from starting up',
    'Tell me about the kill switch.',
    'How does an emergency stop work?',
    'Er hat gesagt, stopp alles.',
    'Was ist ein Not-Aus?',
    'alles gut',
    'Alles klar, stopp mal kurz',
    'not out',
    'Ist alles aus?',
    'everything',
    `stop everything ${'please '.repeat(100)}`,
  ])('is no for %s', (words) => {
    expect(isStopPhrase(words, { names: ['Nova'] })).toBe(false);
  });

  it.each(['Stop everything', 'please stop everything now', 'Emergency stop', 'Nova, alles stoppen', 'Stopp alles', 'Notaus'])(
    'is yes for %s also while more may come',
    (words) => {
      expect(isStopPhrase(words, { names: ['Nova'], isPartial: true })).toBe(true);
    },
  );

  // "… timers", "… on Friday", "… in the kitchen", "…tralia", "… dem Kühlschrank", "… Lampen"
  it.each(['Stop all', 'Nova, stop all', 'Cancel everything', 'Turn everything off', 'Not Aus', 'Alles aus', 'Stopp alle', 'Kill switch'])(
    'waits for the end of %s',
    (words) => {
      expect(isStopPhrase(words, { names: ['Nova'], isPartial: true })).toBe(false);
    },
  );
});
