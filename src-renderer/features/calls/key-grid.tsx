import { useTranslation } from 'react-i18next';

const KEYS: readonly [digit: string, letters: string][] = [
  ['1', ''],
  ['2', 'abc'],
  ['3', 'def'],
  ['4', 'ghi'],
  ['5', 'jkl'],
  ['6', 'mno'],
  ['7', 'pqrs'],
  ['8', 'tuv'],
  ['9', 'wxyz'],
  ['*', ''],
  ['0', '+'],
  ['#', ''],
];

/** Twelve keys, as on every telephone. */
export function KeyGrid({ onPress }: { onPress: (digit: string) => void }) {
  const { t } = useTranslation();
  return (
    // The keyboard's own digits are a shorter way for those who are here already; each key is a button as well.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions
    <fieldset
      aria-label={t('calls.keypad.title')}
      className="grid w-full max-w-64 grid-cols-3 gap-2"
      onKeyDown={(event) => {
        if (!/^[\d*#]$/.test(event.key) || event.ctrlKey || event.altKey || event.metaKey) return;
        event.preventDefault();
        onPress(event.key);
      }}
    >
      {KEYS.map(([digit, letters]) => (
        <button
          key={digit}
          type="button"
          aria-label={digit}
          onClick={() => onPress(digit)}
          className="flex h-12 flex-col items-center justify-center rounded-base border border-line leading-tight transition-colors hover:bg-hover active:bg-line"
        >
          <span className="text-large font-medium">{digit}</span>
          <span aria-hidden="true" className="h-3 text-[0.625rem] leading-3 tracking-widest text-quiet uppercase">
            {letters}
          </span>
        </button>
      ))}
    </fieldset>
  );
}
