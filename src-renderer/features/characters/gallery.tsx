import { FileUp, UserRoundPlus } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Character } from '../../../src-preload/contract/index.ts';
import { useCharacters, useServices } from '../../app/services.ts';
import { Button } from '../../ui/button.tsx';
import { takeFile, TAKEN_FILES } from './character-actions.ts';
import { CharacterCard } from './character-card.tsx';
import { creatorsOf, filterCharacters, NO_FILTER, tagsOf, type CharacterFilter } from './character-filter.ts';
import { FileButton } from '../../ui/file-button.tsx';
import { FilterRow } from './filter-row.tsx';

/** Everyone, as large portraits. */
export function Gallery() {
  const { t } = useTranslation();
  const services = useServices();
  const { view } = services;
  const characters = useCharacters((state) => state.characters);
  const [filter, setFilter] = useState<CharacterFilter>(NO_FILTER);
  const shown = filterCharacters(characters, filter);

  return (
    <div className="h-full overflow-y-auto px-8 py-8 round:px-4 round:py-5">
      <div className="mx-auto flex max-w-[80rem] flex-col gap-6">
        <header className="flex flex-wrap items-end justify-between gap-x-8 gap-y-4">
          <div>
            <h1 className="text-title font-semibold">{t('characters.title')}</h1>
            <p className="mt-1 text-quiet">{t('characters.question')}</p>
          </div>
          <div className="flex flex-wrap gap-2">
            <FileButton
              accept={TAKEN_FILES}
              icon={<FileUp size="1rem" aria-hidden="true" />}
              onFile={(file) => void takeFile(services, file)}
            >
              {t('characters.import')}
            </FileButton>
            <Button
              look="main"
              icon={<UserRoundPlus size="1rem" aria-hidden="true" />}
              onClick={() => view.getState().showCharacters({ at: 'new' })}
            >
              {t('characters.new')}
            </Button>
          </div>
        </header>
        {characters.length > 0 && (
          <FilterRow filter={filter} tags={tagsOf(characters)} creators={creatorsOf(characters)} onChange={setFilter} />
        )}
        <Cards shown={shown} onClear={() => setFilter(NO_FILTER)} />
      </div>
    </div>
  );
}

function Cards({ shown, onClear }: { shown: readonly Character[]; onClear: () => void }) {
  const { t } = useTranslation();
  const { characters, view } = useServices();
  const status = useCharacters((state) => state.status);
  const isEmpty = useCharacters((state) => state.characters.length === 0);
  /** At most one of them moves. */
  const [moving, setMoving] = useState<string>();
  if (status === 'failed')
    return (
      <div className="flex flex-col items-start gap-3">
        <p>{t('characters.loadFailed')}</p>
        <Button onClick={() => void characters.getState().load().catch(view.getState().fail)}>{t('common.retry')}</Button>
      </div>
    );
  if (isEmpty) return <p className="text-quiet">{t('common.loading')}</p>;
  if (shown.length === 0)
    return (
      <div className="flex flex-col items-start gap-3">
        <p>{t('characters.noneFits')}</p>
        <Button onClick={onClear}>{t('characters.showAll')}</Button>
      </div>
    );
  return (
    <ul className="grid grid-cols-[repeat(auto-fill,minmax(min(15rem,100%),1fr))] gap-x-6 gap-y-8 round:grid-cols-[repeat(auto-fill,minmax(min(10.5rem,100%),1fr))] round:gap-x-4">
      {shown.map((character) => (
        <CharacterCard
          key={character.id}
          character={character}
          moving={moving === character.id}
          onMove={(moves) => setMoving((before) => (moves ? character.id : before === character.id ? undefined : before))}
        />
      ))}
    </ul>
  );
}
