import { ImageUp } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { errorText } from '../../i18n/error-text.ts';
import { Button } from '../../ui/button.tsx';
import { FileButton } from '../../ui/file-button.tsx';
import { PaintBox } from './paint-box.tsx';
import { AnchorBoard, FoundFaces, UnseenPicture } from './portrait-view.tsx';
import type { PortraitWork } from './use-portrait.ts';

/** The picture of a new character, from nothing to a face that fits. */
export function PortraitColumn({ work }: { work: PortraitWork }) {
  const { portrait } = work;
  switch (portrait.state) {
    case 'none':
      return <NoPicture work={work} />;
    case 'looking':
      return <Looking picture={portrait.picture} />;
    case 'failed':
      return <Failed work={work} portrait={portrait} />;
    case 'found':
      return <Found work={work} portrait={portrait} />;
    case 'by-hand':
      return <ByHand work={work} portrait={portrait} />;
  }
}

type Of<State extends PortraitWork['portrait']['state']> = {
  work: PortraitWork;
  portrait: Extract<PortraitWork['portrait'], { state: State }>;
};

function NoPicture({ work }: { work: PortraitWork }) {
  const { t } = useTranslation();
  return (
    <div className="flex flex-col gap-5">
      <div className="flex min-h-64 flex-col items-center justify-center gap-4 rounded-base border-2 border-dashed border-edge p-8 text-center">
        <p className="text-large">{t('characters.make.dropHere')}</p>
        <p className="max-w-[26rem] text-small text-quiet">{t('characters.make.dropHint')}</p>
        <FileButton look="main" accept="image/*" icon={<ImageUp size="1.125rem" aria-hidden="true" />} onFile={work.takeFile}>
          {t('characters.make.choose')}
        </FileButton>
      </div>
      <PaintBox onChoose={work.takePainted} />
    </div>
  );
}

function Looking({ picture }: { picture: File | string }) {
  const { t } = useTranslation();
  return (
    <div className="flex flex-col gap-3">
      <UnseenPicture picture={picture} />
      <output className="text-quiet">{t('characters.make.looking')}</output>
    </div>
  );
}

function Failed({ work, portrait }: Of<'failed'>) {
  const { t, i18n } = useTranslation();
  return (
    <div className="flex flex-col gap-3">
      <UnseenPicture picture={portrait.picture} />
      <p role="alert" className="text-danger-text">
        {errorText(i18n, portrait.error)}
      </p>
      <OtherPicture work={work} label={t('characters.make.another')} />
    </div>
  );
}

function Found({ work, portrait }: Of<'found'>) {
  const { t } = useTranslation();
  const { faces } = portrait.report.analysis;
  const doubts = faces[portrait.face]?.doubts ?? [];
  return (
    <div className="flex flex-col gap-3">
      <FoundFaces report={portrait.report} chosen={portrait.face} onChoose={work.choose} />
      <output>{t(faces.length > 1 ? 'characters.make.several' : 'characters.make.one', { count: faces.length })}</output>
      {doubts.length > 0 && (
        <ul className="flex flex-col gap-1 border-l-2 border-needs-you pl-3 text-small">
          {doubts.map((doubt) => (
            <li key={doubt}>{t(`characters.doubts.${doubt}`)}</li>
          ))}
        </ul>
      )}
      <div className="flex flex-wrap gap-2">
        <OtherPicture work={work} label={t('characters.make.another')} />
        <Button onClick={work.byHand}>{t('characters.make.byHand')}</Button>
      </div>
    </div>
  );
}

function ByHand({ work, portrait }: Of<'by-hand'>) {
  const { t } = useTranslation();
  const found = portrait.report.analysis.faces.length > 0;
  return (
    <div className="flex flex-col gap-3">
      <AnchorBoard report={portrait.report} anchors={portrait.anchors} landmarks={portrait.landmarks} onMove={work.move} />
      {!found && <output>{t('characters.make.none')}</output>}
      <p className="text-small text-quiet">{t('characters.make.dragHint')}</p>
      <div className="flex flex-wrap gap-2">
        <OtherPicture work={work} label={t('characters.make.another')} />
        {found && <Button onClick={work.byItself}>{t('characters.make.byItself')}</Button>}
      </div>
    </div>
  );
}

function OtherPicture({ work, label }: { work: PortraitWork; label: string }) {
  return (
    <FileButton accept="image/*" icon={<ImageUp size="1rem" aria-hidden="true" />} onFile={work.takeFile}>
      {label}
    </FileButton>
  );
}
