import { lazy, Suspense, useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { useServices, useView } from '../../app/services.ts';
import { takeFile } from './character-actions.ts';
import { DropZone } from '../../ui/drop-zone.tsx';
import { Gallery } from './gallery.tsx';

const NewCharacter = lazy(async () => ({ default: (await import('./new-character.tsx')).NewCharacter }));
const Editor = lazy(async () => ({ default: (await import('./editor.tsx')).Editor }));

/** Who could it be? */
export function CharactersScreen() {
  const { t } = useTranslation();
  const services = useServices();
  const { characters, view } = services;
  const place = useView((state) => state.charactersPlace);
  // The list is read again with each visit: folders may have come or gone.
  useEffect(() => void characters.getState().load().catch(view.getState().fail), [characters, view]);

  return (
    <DropZone invitation={t('characters.drop')} onFile={(file) => void takeFile(services, file)}>
      <Suspense fallback={<p className="p-8 text-quiet">{t('common.loading')}</p>}>
        {place.at === 'gallery' && <Gallery />}
        {place.at === 'new' && <NewCharacter key={place.file ? `${place.file.name}/${place.file.lastModified}` : ''} file={place.file} />}
        {place.at === 'editor' && <Editor key={place.id} id={place.id} isNew={place.isNew} />}
      </Suspense>
    </DropZone>
  );
}
