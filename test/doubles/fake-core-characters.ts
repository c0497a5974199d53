import type {
  CallInput,
  CallName,
  CallResult,
  Character,
  CharacterPatch,
  FoundFace,
  PersonaDraft,
} from '../../src-preload/contract/index.ts';

/* The characters of the fake core: the shipped three and some of the owner's, as real lists look. Their pictures are served by screens.ts. */

type CharacterAnswers = {
  [Name in Extract<CallName, `characters.${string}`>]: (input: CallInput<Name>) => CallResult<Name> | Promise<CallResult<Name>>;
};

export interface FakeCharactersDeps {
  /** Tells the page that the list has changed. */
  changed: () => void;
  use: (id: string) => void;
  /** Says something with sound. */
  speak: (text: string) => void;
  clipProgress: (characterId: string, share: number) => void;
  delay: (ms: number) => Promise<void>;
}

/** Number of points of MediaPipe's mesh with irises. */
const POINTS = 478;

export function createFakeCharacters(own: readonly Character[], deps: FakeCharactersDeps): CharacterAnswers {
  let characters: Character[] = [...SHIPPED, ...own];
  const binned: Character[] = [];
  let nextId = 1;
  let clip = new AbortController();
  const find = (id: string): Character => {
    const found = characters.find((character) => character.id === id);
    if (!found) throw new Error(`There is no character "${id}"`);
    return found;
  };
  const put = (character: Character): Character => {
    characters = [...characters.filter(({ id }) => id !== character.id), character];
    deps.changed();
    return character;
  };
  const create = (patch: Partial<Character> & { name: string }): Character =>
    put({ ...ownCharacter(`own-${nextId++}`, patch.name), ...patch });

  return {
    'characters.list': ({ style }) => characters.filter((character) => style === undefined || character.style === style),
    'characters.use': ({ id }) => {
      const character = find(id);
      deps.use(id);
      return character;
    },
    'characters.preload': () => undefined,
    'characters.analysePortrait': async ({ portrait }) => {
      await deps.delay(250);
      const faces = await facesOf(portrait);
      return { analysis: { version: 1, hash: 'f'.repeat(64), width: 1024, height: 1280, quarterTurns: 0, faces }, preview: PICTURE };
    },
    'characters.fitAnchors': async () => ({ landmarks: await shippedLandmarks() }),
    'characters.createFromPortrait': ({ name, description, style, voiceSample }) =>
      create({
        name,
        description: { en: description, de: description },
        style: style ?? 'realistic',
        voice: { ...VOICE, clone: voiceSample === null ? null : SAMPLE },
      }),
    'characters.createFromModel': ({ name }) => create({ name, model: 'model.vrm', renderer: { ...RENDERER, type: '3d' } }),
    'characters.paint': async ({ count }) => {
      await deps.delay(400);
      return Array.from({ length: count }, (_, index) => ({ portrait: `painted-${index}`, preview: PICTURE }));
    },
    'characters.draftPersona': async ({ words, name }) => {
      await deps.delay(300);
      return draftOf(words, name);
    },
    'characters.update': ({ id, patch }) => put(patched(find(id), patch)),
    'characters.setVoiceSample': ({ id, voiceSample }) => {
      const character = find(id);
      return put({ ...character, voice: { ...character.voice, clone: voiceSample === null ? null : SAMPLE } });
    },
    'characters.duplicate': ({ id }) => {
      const character = find(id);
      return create({ ...character, id: `${id}-copy`, name: `${character.name} 2`, shipped: false });
    },
    'characters.delete': ({ id }) => {
      binned.push(find(id));
      characters = characters.filter((character) => character.id !== id);
      deps.changed();
    },
    'characters.restore': ({ id }) => {
      const character = binned.find((candidate) => candidate.id === id);
      if (!character) throw new Error(`"${id}" is not in the bin`);
      return put(character);
    },
    'characters.export': ({ id }) => ({ fileName: `${id}.character`, url: `/characters/${id}/1/portrait.webp` }),
    'characters.import': () => create({ name: 'Imported' }),
    'characters.speakSample': ({ id, text }) => deps.speak(text ?? find(id).sample.en),
    'characters.renderClip': async ({ id }) => {
      const { signal } = (clip = new AbortController());
      for (const share of [0.25, 0.5, 0.75, 1]) {
        await deps.delay(500);
        signal.throwIfAborted();
        deps.clipProgress(id, share);
      }
      return { fileName: `${id}.mp4`, url: PICTURE };
    },
    'characters.cancelClip': () => clip.abort(new Error('The request was cancelled.')),
    'characters.renderSample': ({ id }) => ({
      url: SILENT_SECOND,
      phonemes: [{ symbol: 'a', startMs: 100, durationMs: 400, level: 0.8 }],
      emotion: find(id).voice.emotion,
    }),
  };
}

/** A patch never takes a field away. */
function patched(before: Character, patch: CharacterPatch): Character {
  return Object.assign(structuredClone(before), structuredClone(patch));
}

/** A WAV file of one second at 8000 Hz, 8 bit, as an address. */
const SILENT_SECOND = `data:audio/wav;base64,${btoa(
  `RIFF\x64\x1f\0\0WAVEfmt \x10\0\0\0\x01\0\x01\0\x40\x1f\0\0\x40\x1f\0\0\x01\0\x08\0data\x40\x1f\0\0${'\x80'.repeat(8000)}`,
)}`;
const PICTURE = '/characters/default/1/portrait.webp';
const SAMPLE = { file: 'sample.wav', durationMs: 8400, consentAt: '2026-11-02T10:00:00Z', transcript: '' };
const VOICE: Character['voice'] = { voice: 'auto', pitch: 0, formant: 0, speed: 1, emotion: 'neutral', clone: null, design: '' };
const RENDERER: Character['renderer'] = { type: 'mesh', fps: 25, height: 720, expressiveness: 0.8, effects: 'none' };

export function inventedCharacter(id: string, name: string, patch: Partial<Character>): Character {
  return {
    version: 1,
    id,
    name,
    description: { en: '', de: '' },
    style: 'realistic',
    tags: [],
    createdBy: 'OpenClaw',
    createdAt: '2026-10-01T08:00:00Z',
    portrait: { file: 'portrait.webp', hash: 'a'.repeat(64), width: 1024, height: 1280 },
    model: null,
    expressionSet: false,
    voice: VOICE,
    systemPrompt: { en: `You are ${name}.`, de: `Du bist ${name}.` },
    examples: { en: [], de: [] },
    sample: { en: `Hello, I am ${name}.`, de: `Hallo, ich bin ${name}.` },
    personality: { traits: [], speechPatterns: [] },
    renderer: RENDERER,
    shipped: true,
    assets: `/characters/${id}/1`,
    ...patch,
  };
}

const SHIPPED: readonly Character[] = [
  inventedCharacter('default', 'Nova', {
    description: { en: 'Warm, calm and precise.', de: 'Warm, ruhig und genau.' },
    tags: ['assistant'],
    personality: { traits: ['warm', 'calm'], speechPatterns: [] },
  }),
  inventedCharacter('cyberpunk-host', 'Rex Static', {
    description: { en: 'Hosts the night show of 2089, fast and ironic.', de: 'Moderiert die Nachtshow von 2089, schnell und ironisch.' },
    style: 'cyberpunk',
    tags: ['host', 'night'],
    personality: { traits: ['ironic'], speechPatterns: [{ kind: 'stutter', amount: 0.4, description: 'like an 80s TV host' }] },
    renderer: { ...RENDERER, effects: 'cyberpunk' },
  }),
  inventedCharacter('retro-assistant', 'Miss Vega', {
    description: { en: 'Mission control, 1962. Always polite.', de: 'Bodenstation, 1962. Stets höflich.' },
    style: 'stylized',
    tags: ['assistant', 'retro'],
    renderer: { ...RENDERER, effects: 'film' },
  }),
];

function ownCharacter(id: string, name: string): Character {
  return inventedCharacter(id, name, { shipped: false, createdBy: 'me', assets: '/characters/default/1' });
}

/** What a year leaves behind: long names, several creators, many tags. */
export const OWN_CHARACTERS: readonly Character[] = [
  { ...ownCharacter('grandmother', 'Großmutter Wilhelmine von und zu Hohenlohe-Schillingsfürst'), tags: ['family'] },
  {
    ...ownCharacter('captain', 'Captain Ada'),
    description: { en: 'Speaks in short orders and never of the weather.', de: 'Spricht in kurzen Befehlen und nie über das Wetter.' },
    style: 'anime',
    tags: ['ship', 'family'],
    createdBy: 'Jonas',
  },
];

function draftOf(words: string, name: string): PersonaDraft {
  return {
    name: name === '' ? 'Ada' : name,
    description: `${words.slice(0, 60)}.`,
    style: 'stylized',
    systemPrompt: `You are ${name === '' ? 'Ada' : name}. ${words}`,
    personality: { traits: ['dry', 'kind'], speechPatterns: [{ kind: 'pauses', amount: 0.5, description: 'pauses often' }] },
  };
}

async function shippedLandmarks(): Promise<number[]> {
  const answer = await fetch('/characters/default/1/face.json');
  const face = (await answer.json()) as { landmarks: number[] };
  return face.landmarks;
}

/** Which faces a picture has is said by the name of its upload, see screens.ts: `two-…`, `none-…`, else one. */
async function facesOf(upload: string): Promise<FoundFace[]> {
  if (upload.startsWith('none')) return [];
  const landmarks = await shippedLandmarks();
  const large = faceAt(landmarks, 1, 0, 0);
  return upload.startsWith('two') ? [large, faceAt(landmarks, 0.3, 40, 900)] : [large];
}

function faceAt(landmarks: readonly number[], scale: number, left: number, top: number): FoundFace {
  const placed = landmarks.map((value, index) => value * scale + (index % 3 === 0 ? left : index % 3 === 1 ? top : 0));
  const point = (index: number): [number, number] => [placed[index * 3] ?? 0, placed[index * 3 + 1] ?? 0];
  const xs = Array.from({ length: POINTS }, (_, index) => point(index)[0]);
  const ys = Array.from({ length: POINTS }, (_, index) => point(index)[1]);
  return {
    box: [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)],
    score: 0.97,
    landmarks: placed,
    anchors: {
      leftEye: point(473),
      rightEye: point(468),
      mouthLeft: point(291),
      mouthRight: point(61),
      lipTop: point(0),
      lipBottom: point(17),
      chin: point(152),
    },
    pose: { yaw: 0, pitch: 0, roll: 0 },
    doubts: scale < 0.5 ? ['small'] : [],
  };
}
