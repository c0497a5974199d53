import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { useServices, useView } from '../../app/services.ts';
import { Face } from '../face/face.tsx';
import { keepFace } from '../face/still.ts';
import { useStageCharacter } from '../face/use-stage-character.ts';
import { Captions } from './captions.tsx';
import { ClipButton } from './clip-button.tsx';
import { Dock } from './dock.tsx';
import { FaceAway } from './face-away.tsx';
import { FaceWindowButton } from './face-window-button.tsx';
import { StateLine } from './state-line.tsx';

/** The character, life-size, with its state, its words and the dock at its feet. A double click leaves nothing else in the window. */
export function Stage() {
  const { t } = useTranslation();
  const { view } = useServices();
  const stageRef = useRef<HTMLElement>(null);
  const { character, firstStill, name } = useStageCharacter();
  const away = useView((state) => state.faceWindowOpen);
  useEffect(() => {
    if (character) keepFace(character);
  }, [character]);
  useEffect(() => {
    const stage = stageRef.current;
    // A convenience for the mouse; the key and the palette do the same.
    const onDoubleClick = (event: MouseEvent): void => {
      if (event.target instanceof Element && !event.target.closest('button')) view.setState((state) => ({ stageOnly: !state.stageOnly }));
    };
    stage?.addEventListener('dblclick', onDoubleClick);
    return () => stage?.removeEventListener('dblclick', onDoubleClick);
  }, [view]);

  return (
    <section
      ref={stageRef}
      aria-label={t('stage.label')}
      className="relative isolate flex h-full min-h-0 flex-col justify-end overflow-hidden"
    >
      <div className="stage-picture -z-10">
        <div className="portrait-frame">
          <Face character={character} firstStill={firstStill} alt={t('stage.portrait', { name })} live={!away} recordable />
        </div>
      </div>
      {away && <FaceAway name={name} />}
      <div className="absolute top-3 right-3 flex items-center gap-2">
        <ClipButton />
        <FaceWindowButton />
      </div>
      <div className="flex flex-col items-center gap-3 px-6 pb-5 band:h-full band:justify-center band:gap-2 band:pb-0 band:pl-[44%]">
        <Captions />
        <StateLine />
        <Dock />
      </div>
    </section>
  );
}
