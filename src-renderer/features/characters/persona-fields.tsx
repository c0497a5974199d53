import { X } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Personality } from '../../../src-preload/contract/index.ts';
import { Labelled } from '../../ui/labelled.tsx';
import { Segments } from '../../ui/segments.tsx';
import { Slide } from '../../ui/slide.tsx';
import { TextArea } from '../../ui/text-area.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { amountOf, PATTERN_KINDS, withAmount, withTraits, type Persona } from './persona.ts';
import { STYLES } from './styles.ts';

interface PersonaFieldsProps {
  persona: Persona;
  onChange: (patch: Partial<Persona>) => void;
}

/** Style, one line, traits, habits of speech, and the words that the language model is told. */
export function PersonaFields({ persona, onChange }: PersonaFieldsProps) {
  const { t } = useTranslation();
  return (
    <>
      <Labelled label={t('characters.description')}>
        {(id) => (
          <TextField
            id={id}
            value={persona.description}
            maxLength={500}
            onChange={(event) => onChange({ description: event.target.value })}
          />
        )}
      </Labelled>
      <StyleField style={persona.style} onChange={(style) => onChange({ style })} />
      <Traits personality={persona.personality} onChange={(personality) => onChange({ personality })} />
      <Habits personality={persona.personality} onChange={(personality) => onChange({ personality })} />
      <PromptField value={persona.systemPrompt} onChange={(systemPrompt) => onChange({ systemPrompt })} />
    </>
  );
}

export function StyleField({ style, onChange }: { style: Persona['style']; onChange: (style: Persona['style']) => void }) {
  const { t } = useTranslation();
  return (
    <div className="flex flex-col gap-1">
      <span className="text-small text-quiet">{t('characters.style')}</span>
      <span>
        <Segments
          label={t('characters.style')}
          value={style}
          choices={STYLES.map((value) => ({ value, label: t(`characters.styles.${value}`) }))}
          onChange={onChange}
        />
      </span>
    </div>
  );
}

export function PromptField({ value, onChange }: { value: string; onChange: (systemPrompt: string) => void }) {
  const { t } = useTranslation();
  return (
    <Labelled label={t('characters.prompt')} hint={t('characters.promptHint')}>
      {(id) => <TextArea id={id} value={value} maxLength={4000} onChange={(event) => onChange(event.target.value)} className="min-h-28" />}
    </Labelled>
  );
}

interface PersonalityProps {
  personality: Personality;
  onChange: (personality: Personality) => void;
}

/** Words for what they are like; each can be taken away, new ones are typed. */
export function Traits({ personality, onChange }: PersonalityProps) {
  const { t } = useTranslation();
  const [typed, setTyped] = useState('');
  const { traits } = personality;
  const add = (): void => {
    if (typed.trim() !== '') onChange({ ...personality, traits: withTraits(traits, typed) });
    setTyped('');
  };
  return (
    <Labelled label={t('characters.traits')}>
      {(id) => (
        <div className="flex flex-wrap items-center gap-2">
          {traits.map((trait) => (
            <span key={trait} className="inline-flex min-h-8 items-center gap-1 rounded-full border border-edge pr-1 pl-3">
              {trait}
              <button
                type="button"
                aria-label={t('characters.removeTrait', { trait })}
                onClick={() => onChange({ ...personality, traits: traits.filter((other) => other !== trait) })}
                className="inline-flex size-6 items-center justify-center rounded-full text-quiet hover:bg-hover hover:text-text"
              >
                <X size="0.875rem" aria-hidden="true" />
              </button>
            </span>
          ))}
          <TextField
            id={id}
            value={typed}
            maxLength={200}
            placeholder={t('characters.traitPlaceholder')}
            onChange={(event) => setTyped(event.target.value)}
            onBlur={add}
            onKeyDown={(event) => {
              if (event.key !== 'Enter') return;
              event.preventDefault();
              add();
            }}
            className="max-w-56 flex-[1_1_9rem]"
          />
        </div>
      )}
    </Labelled>
  );
}

/** Habits of speech that are really heard, each as strong as its slider says. */
export function Habits({ personality, onChange }: PersonalityProps) {
  const { t } = useTranslation();
  const percent = (amount: number): string => (amount === 0 ? t('characters.habitOff') : `${Math.round(amount * 100)} %`);
  return (
    <fieldset className="flex flex-col gap-2">
      <legend className="mb-1 text-small text-quiet">{t('characters.habits')}</legend>
      {PATTERN_KINDS.map((kind) => {
        const name = t(`characters.patterns.${kind}`);
        const description = personality.speechPatterns.find((pattern) => pattern.kind === kind)?.description;
        return (
          <div key={kind} className="flex flex-wrap items-center justify-between gap-x-6">
            <span className="min-w-40 flex-1">
              {name}
              {description !== undefined && description !== '' && <span className="block text-small text-quiet">{description}</span>}
            </span>
            <Slide
              label={name}
              value={amountOf(personality, kind)}
              min={0}
              max={1}
              step={0.05}
              format={percent}
              onChange={(amount) => onChange(withAmount(personality, kind, amount))}
            />
          </div>
        );
      })}
    </fieldset>
  );
}
