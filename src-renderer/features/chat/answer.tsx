import { lazy, Suspense, useRef } from 'react';
import { useHeardHighlight, type UnheardLook } from './use-heard-highlight.ts';

const Markdown = lazy(async () => ({ default: (await import('./markdown.tsx')).Markdown }));

interface AnswerProps {
  text: string;
  isStreaming: boolean;
  /** Characters heard; null = nothing is or was spoken. */
  heardChars: number | null;
  unheardLook: UnheardLook;
}

/** The assistant's words on the ground. They are readable as plain text until the renderer is there. */
export function Answer({ text, isStreaming, heardChars, unheardLook }: AnswerProps) {
  const ref = useRef<HTMLDivElement>(null);
  useHeardHighlight(ref, text, heardChars, unheardLook);
  return (
    <div ref={ref}>
      <Suspense fallback={<p className="answer whitespace-pre-wrap">{text}</p>}>
        <Markdown text={text} isStreaming={isStreaming} />
      </Suspense>
    </div>
  );
}
