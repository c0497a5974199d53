import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useServices } from '../../app/services.ts';
import { KeyGrid } from './key-grid.tsx';
import { digitsThat, withKey, withOutcome, type PressedKey } from './pressed-keys.ts';

/** Tones for menus at the other end. The keyboard's digits do the same while a key has the focus. Only what was really sent is shown as sent. */
export function Keypad({ callId }: { callId: string }) {
  const { t } = useTranslation();
  const { phone, view } = useServices();
  const [keys, setKeys] = useState<readonly PressedKey[]>([]);
  const nextId = useRef(1);
  const press = (digit: string): void => {
    const id = nextId.current;
    nextId.current += 1;
    setKeys((before) => withKey(before, id, digit));
    phone
      .getState()
      .sendDigits(callId, digit)
      .then(
        () => setKeys((before) => withOutcome(before, id, 'sent')),
        (error: unknown) => {
          setKeys((before) => withOutcome(before, id, 'failed'));
          view.getState().fail(error);
        },
      );
  };
  const failed = digitsThat(keys, 'failed');
  return (
    <div className="flex flex-col items-center gap-2">
      <output aria-label={t('calls.keypad.sent')} className="min-h-6 font-mono tracking-widest text-quiet">
        {digitsThat(keys, 'sent')}
      </output>
      <p role="alert" className="text-small text-danger-text empty:hidden">
        {failed !== '' && t('calls.keypad.notSent', { digits: failed })}
      </p>
      <KeyGrid onPress={press} />
    </div>
  );
}
