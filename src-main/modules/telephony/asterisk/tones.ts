import { configurationText } from './configuration-text.ts';

interface Tones {
  description: string;
  ringcadence: string;
  dial: string;
  busy: string;
  ring: string;
  congestion: string;
}

const EUROPE = { dial: '425', busy: '425/480,0/480', congestion: '425/240,0/240' };

/** What is heard in these countries while it rings there, is busy, or cannot be reached (ITU-T E.180, supplement 2). */
const TONES = {
  de: { ...EUROPE, description: 'Germany', ringcadence: '1000,4000', ring: '425/1000,0/4000' },
  at: {
    description: 'Austria',
    ringcadence: '1000,5000',
    dial: '420',
    busy: '420/400,0/400',
    ring: '420/1000,0/5000',
    congestion: '420/200,0/200',
  },
  ch: {
    ...EUROPE,
    description: 'Switzerland',
    ringcadence: '1000,4000',
    busy: '425/500,0/500',
    ring: '425/1000,0/4000',
    congestion: '425/200,0/200',
  },
  gb: {
    description: 'United Kingdom',
    ringcadence: '400,200,400,2000',
    dial: '350+440',
    busy: '400/375,0/375',
    ring: '400+450/400,0/200,400+450/400,0/2000',
    congestion: '400/400,0/350,400/225,0/525',
  },
  us: {
    description: 'United States',
    ringcadence: '2000,4000',
    dial: '350+440',
    busy: '480+620/500,0/500',
    ring: '440+480/2000,0/4000',
    congestion: '480+620/250,0/250',
  },
} as const satisfies Record<string, Tones>;

const isKnown = (country: string): country is keyof typeof TONES => Object.hasOwn(TONES, country);

/** indications.conf; a country that is not here has Germany's tones, which most of Europe shares. */
export function indicationsText(country: string): string {
  const chosen = isKnown(country) ? country : 'de';
  return configurationText([
    { name: 'general', options: { country: chosen } },
    { name: chosen, options: { ...TONES[chosen] } },
  ]);
}
