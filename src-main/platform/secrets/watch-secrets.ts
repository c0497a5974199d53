import type { Unsubscribe } from '../../base/dispose.ts';
import type { LearningRedactor } from '../redaction/index.ts';

interface SecretSource {
  values(): string[];
  onChange(listener: () => void): Unsubscribe;
}

/** The redactor knows every stored secret by its value, now and after each change. */
export function watchSecrets({
  redactor,
  sources,
}: {
  redactor: Pick<LearningRedactor, 'setKnownSecrets'>;
  sources: readonly SecretSource[];
}): Unsubscribe {
  const tell = (): void => redactor.setKnownSecrets(sources.flatMap((source) => source.values()));
  tell();
  const unsubscribes = sources.map((source) => source.onChange(tell));
  return () => {
    for (const unsubscribe of unsubscribes) unsubscribe();
  };
}
