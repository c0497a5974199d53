import { useTranslation } from 'react-i18next';
import { Segments } from '../../ui/segments.tsx';
import { Select } from '../../ui/select.tsx';
import { TextField } from '../../ui/text-field.tsx';
import type { CharacterFilter } from './character-filter.ts';
import { STYLES } from './styles.ts';

interface FilterRowProps {
  filter: CharacterFilter;
  tags: readonly string[];
  creators: readonly string[];
  onChange: (filter: CharacterFilter) => void;
}

/** Search and filters in one line. What leaves nothing to choose is not there. */
export function FilterRow({ filter, tags, creators, onChange }: FilterRowProps) {
  const { t } = useTranslation();
  const set = (patch: Partial<CharacterFilter>): void => onChange({ ...filter, ...patch });
  return (
    <search aria-label={t('characters.filter')} className="flex flex-wrap items-center gap-3">
      <TextField
        type="search"
        aria-label={t('characters.search')}
        placeholder={t('characters.search')}
        value={filter.text}
        maxLength={100}
        onChange={(event) => set({ text: event.target.value })}
        className="max-w-64 flex-[1_1_12rem]"
      />
      <Segments
        label={t('characters.style')}
        value={filter.style ?? 'all'}
        choices={(['all', ...STYLES] as const).map((value) => ({ value, label: t(`characters.styles.${value}`) }))}
        onChange={(value) => set({ style: value === 'all' ? undefined : value })}
      />
      {tags.length > 1 && (
        <span className="w-44 max-w-full">
          <Select
            label={t('characters.tag')}
            value={filter.tag}
            choices={choices(t('characters.anyTag'), tags)}
            onChange={(tag) => set({ tag })}
          />
        </span>
      )}
      {creators.length > 1 && (
        <span className="w-44 max-w-full">
          <Select
            label={t('characters.creator')}
            value={filter.createdBy}
            choices={choices(t('characters.anyCreator'), creators)}
            onChange={(createdBy) => set({ createdBy })}
          />
        </span>
      )}
    </search>
  );
}

function choices(all: string, values: readonly string[]): { value: string; label: string }[] {
  return [{ value: '', label: all }, ...values.map((value) => ({ value, label: value }))];
}
