import { ArrowLeft } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useServices } from '../../app/services.ts';
import { Button } from '../../ui/button.tsx';

interface CharacterPageProps {
  title: string;
  /** Beside the title. */
  aside?: ReactNode;
  children: ReactNode;
}

/** A page about one character, with the way back to all of them. */
export function CharacterPage({ title, aside, children }: CharacterPageProps) {
  const { t } = useTranslation();
  const { view } = useServices();
  return (
    <div className="h-full overflow-y-auto px-8 py-8 round:px-4 round:py-5">
      <div className="mx-auto flex max-w-[72rem] flex-col gap-6">
        <header className="flex flex-wrap items-center gap-x-4 gap-y-2">
          <Button
            look="quiet"
            icon={<ArrowLeft size="1rem" aria-hidden="true" />}
            onClick={() => view.getState().showCharacters({ at: 'gallery' })}
            className="-ml-4"
          >
            {t('characters.back')}
          </Button>
          <h1 className="min-w-0 grow text-title font-semibold [overflow-wrap:anywhere]">{title}</h1>
          {aside}
        </header>
        {children}
      </div>
    </div>
  );
}
