import type { LanguageCode } from '../../inference/contracts/index.ts';

/** What the cutter knows about a language. All words in small letters. */
export interface ClauseWords {
  /** Begin a new clause: a good place to cut before. */
  conjunctions: ReadonlySet<string>;
  /** Begin a phrase: the next best place. */
  starters: ReadonlySet<string>;
  /** Lean on the word behind them: never cut after one. */
  leaning: ReadonlySet<string>;
  /** Abbreviations without their point; no sentence ends with them. */
  abbreviations: ReadonlySet<string>;
  /** Abbreviations that may end a sentence, when a capital letter follows. */
  closingAbbreviations: ReadonlySet<string>;
  /** "3. Oktober": a number with a point is an ordinal, not the end of a sentence. */
  numbersAreOrdinals: boolean;
}

const words = (list: string): ReadonlySet<string> => new Set(list.split(' '));

const english: ClauseWords = {
  conjunctions: words('and but or so because although though while which who that if when where unless until since whereas then'),
  starters: words('in on at for with from by about after before between during through into over under as like than to of'),
  leaning: words(
    'a an the my your his her its our their this that these those some any no every each i you he she it we they is are was were be been to of in on at for with from by and or but so as if than very really not can could will would should may might must do does did have has had into over under about between',
  ),
  abbreviations: words(
    'mr mrs ms dr prof st jr sr vs e.g i.e approx no nos fig figs vol ed eds dept est gen col capt sgt rev hon gov sen rep jan feb mar apr jun jul aug sep sept oct nov dec incl excl cf al ca',
  ),
  closingAbbreviations: words('etc a.m p.m inc ltd co corp'),
  numbersAreOrdinals: false,
};

const german: ClauseWords = {
  conjunctions: words('und aber oder denn sondern doch weil obwohl während dass wenn ob damit bevor nachdem sobald falls sodass wobei'),
  starters: words(
    'in im an am auf mit von vom zu zum zur bei beim für über unter nach vor durch ohne um aus gegen zwischen seit bis als wie',
  ),
  leaning: words(
    'der die das den dem des ein eine einen einem einer eines mein dein sein ihr unser euer kein keine keinen dieser diese dieses diesen diesem jeder jede jedes ich du er sie es wir ihr man ist sind war waren bin bist hat haben habe hast wird werden kann können muss müssen soll will in im an am auf mit von vom zu zum zur bei beim für über unter nach vor durch ohne um aus gegen zwischen und oder aber als wie sehr so nicht auch nur noch etwa circa',
  ),
  abbreviations: words(
    'z b d h u a o ä i r s v m t dr prof hr fr nr bzw ca inkl exkl evtl ggf bspw sog vgl max min mind zzgl st tel abb str std mio mrd tsd jan feb apr jun jul aug sep sept okt nov dez bd hrsg ing dipl z.b d.h u.a o.ä i.d.r s.o s.u v.a z.t z.zt',
  ),
  closingAbbreviations: words('usw etc mwst u.v.m u.ä'),
  numbersAreOrdinals: true,
};

const other: ClauseWords = {
  conjunctions: new Set(),
  starters: new Set(),
  leaning: new Set(),
  abbreviations: words('dr prof st vs etc no nr'),
  closingAbbreviations: new Set(),
  numbersAreOrdinals: false,
};

export function clauseWords(language: LanguageCode): ClauseWords {
  if (language === 'en') return english;
  return language === 'de' ? german : other;
}
