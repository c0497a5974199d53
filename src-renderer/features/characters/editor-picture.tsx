import { useTranslation } from 'react-i18next';
import type { Character, RendererConfig } from '../../../src-preload/contract/index.ts';
import { Segments } from '../../ui/segments.tsx';
import { Select } from '../../ui/select.tsx';
import { Slide } from '../../ui/slide.tsx';
import { EditorRow, EditorSection } from './editor-section.tsx';
import type { CharacterDraft } from './use-character-draft.ts';

const PICTURE_TYPES = ['mesh', 'liveportrait', 'sadtalker', 'wav2lip'] as const satisfies readonly RendererConfig['type'][];
const EFFECTS = ['none', 'cyberpunk', 'film'] as const satisfies readonly RendererConfig['effects'][];
const FRAME_RATES = [15, 25, 30, 60];
const HEIGHTS = [480, 720, 1080];

/** How the picture moves. */
export function PictureSection({ draft }: { draft: CharacterDraft }) {
  const { t } = useTranslation();
  const { character, change } = draft;
  const { renderer } = character;
  const set = (patch: Partial<RendererConfig>): void => change({ renderer: { ...renderer, ...patch } });
  const types = typesOf(character);
  return (
    <EditorSection title={t('characters.sections.picture')}>
      {types.length > 1 && (
        <EditorRow title={t('characters.renderer')} hint={t(`characters.rendererHints.${renderer.type}`)}>
          <Select
            label={t('characters.renderer')}
            value={renderer.type}
            choices={types.map((value) => ({ value, label: t(`characters.renderers.${value}`) }))}
            onChange={(value) => set({ type: types.find((type) => type === value) ?? renderer.type })}
          />
        </EditorRow>
      )}
      <EditorRow title={t('characters.expressiveness')}>
        <Slide
          label={t('characters.expressiveness')}
          value={renderer.expressiveness}
          min={0}
          max={1}
          step={0.05}
          format={(value) => `${Math.round(value * 100)} %`}
          onChange={(expressiveness) => set({ expressiveness })}
        />
      </EditorRow>
      <EditorRow title={t('characters.effects')}>
        <Segments
          label={t('characters.effects')}
          value={renderer.effects}
          choices={EFFECTS.map((value) => ({ value, label: t(`characters.effectNames.${value}`) }))}
          onChange={(effects) => set({ effects })}
        />
      </EditorRow>
      <EditorRow title={t('characters.fps')} hint={t('characters.fpsHint')}>
        <Select
          label={t('characters.fps')}
          value={String(renderer.fps)}
          choices={withOwn(FRAME_RATES, renderer.fps).map((fps) => ({ value: String(fps), label: t('characters.fpsValue', { fps }) }))}
          onChange={(value) => set({ fps: Number(value) })}
        />
      </EditorRow>
      <EditorRow title={t('characters.height')}>
        <Select
          label={t('characters.height')}
          value={String(renderer.height)}
          choices={withOwn(HEIGHTS, renderer.height).map((height) => ({ value: String(height), label: `${height}p` }))}
          onChange={(value) => set({ height: Number(value) })}
        />
      </EditorRow>
    </EditorSection>
  );
}

/** A 3D model is drawn in one way only; a picture never as one. */
function typesOf({ model }: Character): readonly RendererConfig['type'][] {
  return model === null ? PICTURE_TYPES : ['3d'];
}

/** The usual values, and the one that is set, wherever it came from. */
function withOwn(usual: readonly number[], own: number): number[] {
  return [...new Set([...usual, own])].toSorted((a, b) => a - b);
}
