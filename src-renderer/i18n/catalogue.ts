import type { en } from './en.ts';

/** The shape of a catalogue: the same keys as English, any words. Plural forms are keys as well; English and German have the same two. */
export type CatalogueOf<Words> = { readonly [Key in keyof Words]: Words[Key] extends string ? string : CatalogueOf<Words[Key]> };
export type Catalogue = CatalogueOf<typeof en>;

/** A catalogue that only says what differs from another one. */
export type PartialCatalogue<Words = Catalogue> = {
  readonly [Key in keyof Words]?: Words[Key] extends string ? string : PartialCatalogue<Words[Key]>;
};
