import { useMemo } from 'react';
import type { Character } from '../../../src-preload/contract/index.ts';
import { ServicesProvider, useServices } from '../../app/services.ts';
import { Face } from '../face/face.tsx';
import { withOwnVoice } from './own-voice.ts';

/** A face beside others, which does not speak their words. */
export function OwnFace({ character, alt, live }: { character: Character; alt: string; live: boolean }) {
  const services = useServices();
  const own = useMemo(() => withOwnVoice(services, character.id), [services, character.id]);
  return (
    <ServicesProvider value={own}>
      <Face character={character} alt={alt} live={live} />
    </ServicesProvider>
  );
}
