import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { CallResult, Setting, SettingValue } from '../../../src-preload/contract/index.ts';
import { useAudio, useServices } from '../../app/services.ts';
import { formatLanguages, formatNumber } from '../../i18n/format.ts';
import { Segments } from '../../ui/segments.tsx';
import { Select } from '../../ui/select.tsx';
import { Slide } from '../../ui/slide.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { Toggle } from '../../ui/toggle.tsx';
import type { SettingWords } from './setting-words.ts';
import { ShortcutField } from './shortcut-field.tsx';

interface SettingControlProps {
  id: string;
  setting: Setting;
  words: SettingWords;
  describedBy: string | undefined;
  onChange: (value: SettingValue) => void;
}

/** The control that fits a setting's kind. */
export function SettingControl(props: SettingControlProps) {
  const { id, setting, describedBy, onChange } = props;
  switch (setting.kind) {
    case 'switch':
      return <Toggle id={id} checked={setting.value === true} describedBy={describedBy} onChange={onChange} />;
    case 'number':
      return <NumberControl {...props} />;
    case 'choice':
      return setting.key === 'voice.voice' ? <VoiceControl {...props} /> : <ChoiceControl {...props} />;
    case 'microphone':
    case 'speaker':
      return <DeviceControl {...props} />;
    case 'shortcut':
      return <ShortcutField id={id} value={String(setting.value)} describedBy={describedBy} onChange={onChange} />;
    case 'text':
    case 'secret':
    case 'long-text':
      return <TextControl key={String(setting.value)} {...props} />;
  }
}

/** A line has room for so many steps; a longer range is typed. */
const MOST_STEPS = 100;

function NumberControl({ id, setting, words, describedBy, onChange }: SettingControlProps) {
  const { i18n } = useTranslation();
  const { min = 0, max = 100, step = 1 } = setting;
  const unit = setting.unit === undefined ? '' : words.unit(setting.unit);
  if ((max - min) / step > MOST_STEPS)
    return (
      <div className="flex items-center gap-2">
        <NumberField key={Number(setting.value)} id={id} setting={setting} describedBy={describedBy} onChange={onChange} />
        <span className="text-small text-quiet">{unit}</span>
      </div>
    );
  return (
    <Slide
      label={words.title}
      value={Number(setting.value)}
      min={min}
      max={max}
      step={step}
      describedBy={describedBy}
      format={(value) => [formatNumber(i18n.language, value, Number.isInteger(step) ? 0 : 2), unit].filter(Boolean).join('\u00a0')}
      onChange={onChange}
    />
  );
}

/** Written when it is left or Enter is pressed; what is no number in range goes back to what it was. */
function NumberField({ id, setting, describedBy, onChange }: Omit<SettingControlProps, 'words'>) {
  const [text, setText] = useState(String(setting.value));
  const commit = (): void => {
    const value = Number(text);
    const isGood = text.trim() !== '' && value >= (setting.min ?? -Infinity) && value <= (setting.max ?? Infinity);
    if (!isGood) setText(String(setting.value));
    else if (value !== setting.value) onChange(value);
  };
  return (
    <TextField
      id={id}
      aria-describedby={describedBy}
      type="number"
      min={setting.min}
      max={setting.max}
      step={setting.step}
      value={text}
      onChange={(event) => setText(event.target.value)}
      onBlur={commit}
      onKeyDown={(event) => event.key === 'Enter' && commit()}
      className="w-28! text-right tabular-nums"
    />
  );
}

/** Few short choices are all in view, many are a list. */
const MOST_IN_VIEW = 3;

function ChoiceControl({ id, setting, words, describedBy, onChange }: SettingControlProps) {
  const { i18n } = useTranslation();
  const isLanguage = setting.key === 'talk.language';
  const choices = (setting.choices ?? []).map((choice) => ({
    value: choice,
    label: isLanguage && choice !== 'auto' ? formatLanguages(i18n.language, [choice]) : words.choice(choice),
  }));
  const value = String(setting.value);
  return choices.length <= MOST_IN_VIEW ? (
    <Segments label={words.title} value={value} choices={choices} describedBy={describedBy} onChange={onChange} />
  ) : (
    <Select id={id} value={value} choices={choices} describedBy={describedBy} onChange={onChange} />
  );
}

/** Voices are what is installed, not what a schema lists. */
function VoiceControl({ id, setting, words, describedBy, onChange }: SettingControlProps) {
  const { i18n } = useTranslation();
  const { bridge, view } = useServices();
  const [voices, setVoices] = useState<CallResult<'voice.list'>>([]);
  useEffect(() => {
    bridge.call('voice.list', {}).then(setVoices, view.getState().fail);
  }, [bridge, view]);
  const choices = [
    { value: 'auto', label: words.choice('auto') },
    ...voices.map((voice) => ({
      value: voice.id,
      label: voice.languages.length > 3 ? voice.name : `${voice.name} (${formatLanguages(i18n.language, voice.languages)})`,
    })),
  ];
  const value = String(setting.value);
  if (!choices.some((choice) => choice.value === value)) choices.push({ value, label: value });
  return <Select id={id} value={value} choices={choices} describedBy={describedBy} onChange={onChange} />;
}

function DeviceControl({ id, setting, describedBy, onChange }: SettingControlProps) {
  const { t } = useTranslation();
  const names = useAudio((state) => (setting.kind === 'microphone' ? state.microphones : state.speakers));
  const value = String(setting.value);
  const choices = [{ value: '', label: t('settings.systemChoice') }, ...names.map((name) => ({ value: name, label: name }))];
  // A device that is unplugged stays chosen: it is used again when it comes back.
  if (value !== '' && !names.includes(value)) choices.push({ value, label: t('settings.absentDevice', { name: value }) });
  return <Select id={id} value={value} choices={choices} describedBy={describedBy} onChange={onChange} />;
}

/** Written when it is left or Enter is pressed, not with each letter. */
function TextControl({ id, setting, describedBy, onChange }: SettingControlProps) {
  const [text, setText] = useState(String(setting.value));
  const commit = (): void => {
    if (text !== setting.value) onChange(text);
  };
  if (setting.kind === 'long-text')
    return (
      <textarea
        id={id}
        aria-describedby={describedBy}
        rows={4}
        value={text}
        onChange={(event) => setText(event.target.value)}
        onBlur={commit}
        className="composer-input min-h-24 w-[min(28rem,80vw)] rounded-base border border-edge bg-raised px-3 py-2"
      />
    );
  return (
    <TextField
      id={id}
      aria-describedby={describedBy}
      type={setting.kind === 'secret' ? 'password' : 'text'}
      value={text}
      onChange={(event) => setText(event.target.value)}
      onBlur={commit}
      onKeyDown={(event) => event.key === 'Enter' && commit()}
      className="max-w-72"
    />
  );
}
