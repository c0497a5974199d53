import { useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { useServices } from '../../app/services.ts';
import type { TalkingCall } from '../../stores/phone-store.ts';
import { Button } from '../../ui/button.tsx';
import { focusFirstField } from '../../ui/first-field.ts';
import { Labelled } from '../../ui/labelled.tsx';
import { Segments } from '../../ui/segments.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { NumberField } from './number-field.tsx';
import { isTypedNumber } from './typed-number.ts';

/** Gives the caller to somebody else: at once, or after whoever speaks now has asked there. */
export function TransferForm({ call, onDone }: { call: TalkingCall; onDone: () => void }) {
  const { t } = useTranslation();
  const { phone, view } = useServices();
  const callId = call.id;
  const isOwn = call.state.by === 'owner' || call.state.by === 'mobile';
  const [number, setNumber] = useState('');
  const [kind, setKind] = useState<'blind' | 'attended'>('attended');
  const [briefing, setBriefing] = useState('');
  const [sending, setSending] = useState(false);
  const send = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    setSending(true);
    try {
      const words = briefing.trim();
      await phone.getState().transfer({ callId, number, kind, ...(kind === 'attended' && words !== '' ? { briefing: words } : {}) });
      onDone();
    } catch (error) {
      setSending(false);
      view.getState().fail(error);
    }
  };
  return (
    <form
      ref={focusFirstField}
      aria-label={t('calls.transfer.title')}
      className="flex flex-col gap-3"
      onSubmit={(event) => void send(event)}
    >
      <NumberField label={t('calls.transfer.number')} value={number} onChange={setNumber} />
      <div className="flex flex-col items-start gap-1">
        <Segments
          label={t('calls.transfer.how')}
          value={kind}
          choices={[
            { value: 'attended', label: t('calls.transfer.attended') },
            { value: 'blind', label: t('calls.transfer.blind') },
          ]}
          onChange={setKind}
        />
        <p className="text-small text-quiet">
          {t(isOwn && kind === 'attended' ? 'calls.transfer.hintOwn' : `calls.transfer.hints.${kind}`)}
        </p>
      </div>
      {kind === 'attended' && (
        <Labelled label={t(isOwn ? 'calls.transfer.briefingOwn' : 'calls.transfer.briefing')}>
          {(id) => <TextField id={id} value={briefing} maxLength={300} onChange={(event) => setBriefing(event.target.value)} />}
        </Labelled>
      )}
      <div className="flex flex-wrap justify-end gap-2">
        <Button onClick={onDone}>{t('common.cancel')}</Button>
        <Button look="main" type="submit" disabled={sending || !isTypedNumber(number)}>
          {t('calls.transfer.send')}
        </Button>
      </div>
    </form>
  );
}
