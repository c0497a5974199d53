import { Bot, Delete, Phone } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { usePhone, useServices } from '../../app/services.ts';
import { Button } from '../../ui/button.tsx';
import { IconButton } from '../../ui/icon-button.tsx';
import { Labelled } from '../../ui/labelled.tsx';
import { Select } from '../../ui/select.tsx';
import { TextArea } from '../../ui/text-area.tsx';
import { KeyGrid } from './key-grid.tsx';
import { NumberField } from './number-field.tsx';
import { TelephoneElsewhere } from './telephone-elsewhere.tsx';
import { isTypedNumber } from './typed-number.ts';

/** Calls out: the owner speaks, or the assistant does, with a purpose. */
export function DialPad({ number: first }: { number: string }) {
  const { t } = useTranslation();
  const { phone, phoneEnd, view } = useServices();
  const isHere = usePhone((state) => state.isTelephone);
  const isReady = usePhone(({ status }) => status?.state === 'ready');
  const [number, setNumber] = useState(first);
  const [purpose, setPurpose] = useState('');
  const [way, setWay] = useState('');
  const [dialing, setDialing] = useState(false);
  const canDial = isReady && !dialing && isTypedNumber(number);
  const dial = async (by: 'owner' | 'assistant'): Promise<void> => {
    if (!canDial) return;
    setDialing(true);
    const words = purpose.trim();
    try {
      const call = await phone.getState().dial({
        number: number.trim(),
        by,
        ...(words === '' ? {} : { purpose: words }),
        ...(way === '' ? {} : { way }),
      });
      // Still within the seconds in which a click lets a page open the microphone.
      if (by === 'owner') phoneEnd.softphone?.accept(call.id, 'talk');
      setNumber('');
      setPurpose('');
    } catch (error) {
      view.getState().fail(error);
    }
    setDialing(false);
  };
  return (
    <form
      aria-label={t('calls.parts.dial')}
      className="grid items-start gap-x-10 gap-y-6 wide:grid-cols-[18rem_1fr] band:grid-cols-[16rem_1fr]"
      onSubmit={(event) => {
        event.preventDefault();
        // The Enter key, in the number: as on every telephone.
        if (isHere) void dial('owner');
      }}
    >
      <div className="flex flex-col gap-4">
        <div className="flex items-end gap-1">
          <div className="min-w-0 flex-1">
            <NumberField large label={t('calls.dial.number')} value={number} onChange={setNumber} />
          </div>
          <IconButton label={t('calls.dial.erase')} size="large" disabled={number === ''} onClick={() => setNumber(number.slice(0, -1))}>
            <Delete size="1.25rem" aria-hidden="true" />
          </IconButton>
        </div>
        <div className="flex justify-center">
          <KeyGrid onPress={(digit) => setNumber((before) => `${before}${digit}`.slice(0, 60))} />
        </div>
      </div>
      <div className="flex flex-col gap-4">
        <WayField value={way} onChange={setWay} />
        <div>
          <Button
            look="main"
            className="min-h-11 w-full"
            icon={<Phone size="1.125rem" aria-hidden="true" />}
            disabled={!canDial || !isHere}
            onClick={() => void dial('owner')}
          >
            {t('calls.dial.byOwner')}
          </Button>
          {!isHere && <TelephoneElsewhere />}
        </div>
        <fieldset className="flex flex-col gap-3 rounded-base border border-line p-4">
          <legend className="sr-only">{t('calls.dial.byAssistant')}</legend>
          <Labelled label={t('calls.dial.purpose')} hint={t('calls.dial.purposeHint')}>
            {(id) => (
              <TextArea
                id={id}
                value={purpose}
                maxLength={500}
                placeholder={t('calls.dial.purposeExample')}
                onChange={(event) => setPurpose(event.target.value)}
              />
            )}
          </Labelled>
          <Button
            className="min-h-11"
            icon={<Bot size="1.125rem" aria-hidden="true" />}
            disabled={!canDial || purpose.trim() === ''}
            onClick={() => void dial('assistant')}
          >
            {t('calls.dial.byAssistant')}
          </Button>
        </fieldset>
      </div>
    </form>
  );
}

/** Which way out, where there are several. */
function WayField({ value, onChange }: { value: string; onChange: (value: string) => void }) {
  const { t } = useTranslation();
  const trunks = usePhone(({ status }) => status?.trunks);
  const usable = (trunks ?? []).filter((trunk) => trunk.enabled);
  if (usable.length < 2) return null;
  return (
    <Labelled label={t('calls.dial.way')}>
      {(id) => (
        <Select
          id={id}
          value={value}
          choices={[{ value: '', label: t('calls.dial.anyWay') }, ...usable.map((trunk) => ({ value: trunk.id, label: trunk.name }))]}
          onChange={onChange}
        />
      )}
    </Labelled>
  );
}
