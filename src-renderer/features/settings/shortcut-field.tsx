import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../ui/button.tsx';
import { KeyName } from '../../ui/key-name.tsx';
import { acceleratorOf } from './accelerator.ts';

interface ShortcutFieldProps {
  id: string;
  value: string;
  describedBy: string | undefined;
  onChange: (value: string) => void;
}

/** Takes the next combination of keys that is pressed. Escape leaves it as it was, Backspace removes it. */
export function ShortcutField({ id, value, describedBy, onChange }: ShortcutFieldProps) {
  const { t } = useTranslation();
  const [listening, setListening] = useState(false);
  const shown = value.replaceAll('CommandOrControl', 'Ctrl').replaceAll('Space', t('common.space'));
  return (
    <Button
      id={id}
      aria-describedby={describedBy}
      aria-pressed={listening}
      onClick={() => setListening(true)}
      onBlur={() => setListening(false)}
      onKeyDown={(event) => {
        if (!listening) return;
        event.preventDefault();
        event.stopPropagation();
        const accelerator = acceleratorOf(event.nativeEvent);
        if (event.key === 'Escape') setListening(false);
        else if (event.key === 'Backspace' && accelerator === undefined) {
          onChange('');
          setListening(false);
        } else if (accelerator !== undefined) {
          onChange(accelerator);
          setListening(false);
        }
      }}
    >
      {listening ? t('settings.pressKeys') : value === '' ? t('settings.noKeys') : <KeyName keys={shown} />}
    </Button>
  );
}
