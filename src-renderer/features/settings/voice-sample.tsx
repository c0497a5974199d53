import { Volume2 } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useActions } from '../../app/actions-context.ts';
import { useAudio, useServices, useSetting } from '../../app/services.ts';
import { Button } from '../../ui/button.tsx';
import { VoiceRing } from '../stage/voice-ring.tsx';

/** One sentence in the chosen voice, with the ring that moves to it. The sound needs an open session. */
export function VoiceSample() {
  const { t, i18n } = useTranslation();
  const { bridge, view } = useServices();
  const actions = useActions();
  const running = useAudio((state) => state.session === 'running');
  const voice = useSetting('voice.voice', 'auto');
  const [speaking, setSpeaking] = useState(false);
  const hear = async (): Promise<void> => {
    if (!running) return actions.startSession();
    setSpeaking(true);
    try {
      const language = i18n.language.slice(0, 2);
      await bridge.call('voice.test', voice === 'auto' ? { language } : { language, voice });
    } catch (error) {
      view.getState().fail(error);
    } finally {
      setSpeaking(false);
    }
  };
  return (
    <div className="flex items-center gap-8 py-2 pl-3">
      <span className="relative size-12 flex-none rounded-full">
        <VoiceRing shape="speaking" />
      </span>
      <Button disabled={speaking} icon={<Volume2 size="1.125rem" aria-hidden="true" />} onClick={() => void hear()}>
        {t(running ? 'settings.hearNamed' : 'stage.talkNames.start')}
      </Button>
    </div>
  );
}
