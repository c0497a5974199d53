import { Search } from 'lucide-react';
import { useEffect, useEffectEvent, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { classNames } from './class-names.ts';
import { TextField } from './text-field.tsx';

interface SearchFieldProps {
  label: string;
  /** What is in it when it appears; has been asked already. */
  initial?: string;
  /** How long nothing is typed before it asks; none where the answer costs nothing. */
  afterMs?: number;
  className?: string;
  onSearch: (query: string) => void;
}

/** A field that asks for what is typed, once per pause. */
export function SearchField({ label, initial = '', afterMs = 200, className, onSearch }: SearchFieldProps) {
  const { t } = useTranslation();
  const [query, setQuery] = useState(initial);
  const asked = useRef(initial);
  const search = useEffectEvent(onSearch);
  useEffect(() => {
    // Typed and taken back within the pause: nothing new.
    if (query === asked.current) return undefined;
    const timer = setTimeout(() => {
      asked.current = query;
      search(query);
    }, afterMs);
    return () => clearTimeout(timer);
  }, [query, afterMs]);
  return (
    <div className={classNames('relative flex-1', className)}>
      <Search size="1rem" aria-hidden="true" className="absolute top-1/2 left-3 -translate-y-1/2 text-quiet" />
      <TextField
        type="search"
        value={query}
        aria-label={label}
        placeholder={t('common.search')}
        onChange={(event) => setQuery(event.target.value)}
        className="pl-9"
      />
    </div>
  );
}
