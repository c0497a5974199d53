import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import portraitUrl from '../../../resources/characters/default/portrait.webp';
import { useServices } from '../../app/services.ts';
import { Captions } from './captions.tsx';
import { Dock } from './dock.tsx';
import { StateLine } from './state-line.tsx';

/** The character, life-size, with its state, its words and the dock at its feet. A double click leaves nothing else in the window. */
export function Stage() {
  const { t } = useTranslation();
  const { view } = useServices();
  const stageRef = useRef<HTMLElement>(null);
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
          <img src={portraitUrl} alt={t('stage.portrait')} className="portrait" draggable={false} />
        </div>
      </div>
      <div className="flex flex-col items-center gap-3 px-6 pb-5 band:h-full band:justify-center band:gap-2 band:pb-0 band:pl-[44%]">
        <Captions />
        <StateLine />
        <Dock />
      </div>
    </section>
  );
}
