import type { KnownModel } from './model-catalogue.ts';
import type { Engine } from './manifest-schema.ts';

/** Preferred ids first, by job; what is not named follows in the order of the catalogue. */
export interface ModelOrders {
  language: readonly string[];
  recognition: readonly string[];
  synthesis: readonly string[];
}

/** A model and the languages it is chosen for. */
export interface Assignment {
  known: KnownModel;
  languages: string[];
}

/** Which installed model does what. */
export interface ModelChoice {
  language: KnownModel | undefined;
  /** At most one per engine, as the recognition worker takes them. */
  recognisers: Assignment[];
  /** All installed voices, the preferred first; `languages` are those that the voice is the first choice for, and may be empty. */
  voices: Assignment[];
  pronunciation: KnownModel | undefined;
  voiceActivity: KnownModel | undefined;
  turnDetector: KnownModel | undefined;
}

/** Decides from what is installed and what the owner prefers. Each language goes to the first model that knows it. */
export function chooseModels(installed: readonly KnownModel[], orders: ModelOrders): ModelChoice {
  const ofJob = (job: string): KnownModel[] => installed.filter((known) => known.model.job === job);
  return {
    language: inOrder(ofJob('language'), orders.language)[0],
    recognisers: assign(firstPerEngine(inOrder(ofJob('recognition'), orders.recognition))).filter(({ languages }) => languages.length > 0),
    voices: assign(inOrder(ofJob('synthesis'), orders.synthesis)),
    pronunciation: ofJob('pronunciation')[0],
    voiceActivity: ofJob('voice-activity')[0],
    turnDetector: ofJob('turn-detection')[0],
  };
}

/** Ids of the models that do something in this choice. */
export function idsInUse(choice: ModelChoice): Set<string> {
  const single = [choice.language, choice.pronunciation, choice.voiceActivity, choice.turnDetector];
  const assigned = [...choice.recognisers, ...choice.voices].filter(({ languages }) => languages.length > 0).map(({ known }) => known);
  return new Set([...single, ...assigned].flatMap((known) => (known ? [known.model.id] : [])));
}

function inOrder(models: readonly KnownModel[], order: readonly string[]): KnownModel[] {
  const rank = (known: KnownModel): number => {
    const at = order.indexOf(known.model.id);
    return at < 0 ? order.length : at;
  };
  return models.toSorted((left, right) => rank(left) - rank(right));
}

function firstPerEngine(models: readonly KnownModel[]): KnownModel[] {
  const seen = new Set<Engine>();
  return models.filter(({ model }) => !seen.has(model.engine) && seen.add(model.engine));
}

function assign(models: readonly KnownModel[]): Assignment[] {
  const taken = new Set<string>();
  return models.map((known) => {
    const languages = known.model.languages.filter((language) => !taken.has(language));
    for (const language of languages) taken.add(language);
    return { known, languages };
  });
}
