import { Check, Clapperboard, Copy, Download, EllipsisVertical, Pencil, Trash2, Volume2 } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Character } from '../../../src-preload/contract/index.ts';
import { useActions } from '../../app/actions-context.ts';
import { useServices, useSession } from '../../app/services.ts';
import { Button } from '../../ui/button.tsx';
import { IconButton } from '../../ui/icon-button.tsx';
import { Menu } from '../../ui/menu.tsx';
import { deleteCharacter, duplicateCharacter, exportCharacter, speakSample } from './character-actions.ts';
import { textLanguage } from './localized.ts';
import { OwnFace } from './own-face.tsx';
import { SaveClip } from './save-clip.tsx';
import { useAttention } from './use-attention.ts';

interface CardProps {
  character: Character;
  /** The one that moves. */
  moving: boolean;
  onMove: (moves: boolean) => void;
}

/** One character: the face, the name, one line, and what can be done with it. It moves while the pointer or the focus is on it. */
export function CharacterCard({ character, moving, onMove }: CardProps) {
  const { t, i18n } = useTranslation();
  const { bridge } = useServices();
  const actions = useActions();
  const inUse = useSession((state) => state.session.characterId === character.id);
  const [recording, setRecording] = useState(false);
  const line = character.description[textLanguage(i18n.language)];
  const cardRef = useAttention((attended) => {
    onMove(attended);
    // Whoever looks at one may choose it next; a warm one is there at once. When it cannot be, choosing says why.
    if (attended) bridge.call('characters.preload', { id: character.id }).catch(() => undefined);
  });

  return (
    <li ref={cardRef} className="group flex min-w-0 flex-col gap-3">
      <div className="relative aspect-[4/5] overflow-hidden rounded-base bg-raised">
        {/* A film is drawn by the same processor. */}
        <OwnFace character={character} alt="" live={moving && !recording} />
        {inUse && (
          <p className="absolute top-2.5 left-2.5 inline-flex items-center gap-1 rounded-full bg-ground/80 px-2.5 py-0.5 text-small text-listening-text">
            <Check size="0.875rem" aria-hidden="true" />
            {t('characters.inUse')}
          </p>
        )}
      </div>
      <div className="flex items-start gap-1">
        <div className="min-w-0 grow">
          <h2 className="text-large font-semibold [overflow-wrap:anywhere]">{character.name}</h2>
          <p className="line-clamp-2 text-quiet">{line}</p>
          <p className="mt-0.5 text-small text-quiet">
            {[t(`characters.styles.${character.style}`), ...character.tags.slice(0, 3)].join(' · ')}
          </p>
        </div>
        <CardMenu character={character} onRecord={() => setRecording(true)} />
      </div>
      <div className="mt-auto flex flex-wrap gap-2">
        <Button
          disabled={inUse}
          aria-label={t('characters.useNamed', { name: character.name })}
          onClick={() => actions.switchTo(character.id)}
          className="flex-1"
        >
          {t('characters.use')}
        </Button>
        <TryButton character={character} />
      </div>
      {recording && <SaveClip character={character} onClose={() => setRecording(false)} />}
    </li>
  );
}

/** Its sample sentence, heard and seen. */
function TryButton({ character }: { character: Character }) {
  const { t } = useTranslation();
  const services = useServices();
  const [busy, setBusy] = useState(false);
  const speak = (): void => {
    setBusy(true);
    speakSample(services, character.id)
      .catch(services.view.getState().fail)
      .finally(() => setBusy(false));
  };
  return (
    <Button
      disabled={busy}
      icon={<Volume2 size="1rem" aria-hidden="true" />}
      aria-label={t('characters.tryNamed', { name: character.name })}
      onClick={speak}
    >
      {t('characters.try')}
    </Button>
  );
}

function CardMenu({ character, onRecord }: { character: Character; onRecord: () => void }) {
  const { t } = useTranslation();
  const services = useServices();
  const icon = { size: '1rem', 'aria-hidden': true } as const;
  const { id, shipped } = character;
  const edit = { at: 'editor', id, isNew: false } as const;
  return (
    <Menu
      trigger={
        <IconButton label={t('characters.actionsNamed', { name: character.name })} size="small">
          <EllipsisVertical size="1.125rem" aria-hidden="true" />
        </IconButton>
      }
      items={[
        {
          label: t(shipped ? 'characters.look' : 'characters.edit'),
          icon: <Pencil {...icon} />,
          onSelect: () => services.view.getState().showCharacters(edit),
        },
        { label: t('characters.duplicate'), icon: <Copy {...icon} />, onSelect: () => void duplicateCharacter(services, id) },
        { label: t('characters.clip.title'), icon: <Clapperboard {...icon} />, onSelect: onRecord },
        { label: t('characters.export'), icon: <Download {...icon} />, onSelect: () => void exportCharacter(services, id) },
        ...(shipped
          ? []
          : [
              {
                label: t('common.delete'),
                icon: <Trash2 {...icon} />,
                danger: true,
                onSelect: () => void deleteCharacter(services, character),
              },
            ]),
      ]}
    />
  );
}
