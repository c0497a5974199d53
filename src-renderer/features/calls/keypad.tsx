import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useServices } from '../../app/services.ts';
import { KeyGrid } from './key-grid.tsx';

/** Tones for menus at the other end. The keyboard's digits do the same while a key has the focus. */
export function Keypad({ callId }: { callId: string }) {
  const { t } = useTranslation();
  const { phone, view } = useServices();
  const [sent, setSent] = useState('');
  const press = (digit: string): void => {
    setSent((before) => `${before}${digit}`.slice(-24));
    phone.getState().sendDigits(callId, digit).catch(view.getState().fail);
  };
  return (
    <div className="flex flex-col items-center gap-2">
      <output aria-label={t('calls.keypad.sent')} className="min-h-6 font-mono tracking-widest text-quiet">
        {sent}
      </output>
      <KeyGrid onPress={press} />
    </div>
  );
}
