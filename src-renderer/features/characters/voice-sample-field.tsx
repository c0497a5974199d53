import { Mic2, X } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../ui/button.tsx';
import { FileButton } from '../../ui/file-button.tsx';

interface VoiceSampleFieldProps {
  file: File | undefined;
  consent: boolean;
  onChange: (sample: { file: File | undefined; consent: boolean }) => void;
}

/** A sample of a voice, and the word that its speaker agrees: without it none is taken. */
export function VoiceSampleField({ file, consent, onChange }: VoiceSampleFieldProps) {
  const { t } = useTranslation();
  return (
    <fieldset className="flex flex-col items-start gap-2">
      <legend className="mb-1 text-small text-quiet">{t('characters.sample.label')}</legend>
      <div className="flex flex-wrap items-center gap-2">
        <FileButton
          accept="audio/wav,audio/x-wav,.wav,audio/mpeg,.mp3"
          icon={<Mic2 size="1rem" aria-hidden="true" />}
          onFile={(chosen) => onChange({ file: chosen, consent })}
        >
          {t(file ? 'characters.sample.other' : 'characters.sample.choose')}
        </FileButton>
        {file && (
          <>
            <span className="[overflow-wrap:anywhere]">{file.name}</span>
            <Button look="quiet" icon={<X size="1rem" aria-hidden="true" />} onClick={() => onChange({ file: undefined, consent: false })}>
              {t('characters.sample.without')}
            </Button>
          </>
        )}
      </div>
      <p className="text-small text-quiet">{t('characters.sample.hint')}</p>
      {file && (
        <label className="flex items-start gap-2.5">
          <input
            type="checkbox"
            checked={consent}
            onChange={(event) => onChange({ file, consent: event.target.checked })}
            className="mt-1 size-4 flex-none accent-listening"
          />
          <span>{t('characters.sample.consent')}</span>
        </label>
      )}
    </fieldset>
  );
}
