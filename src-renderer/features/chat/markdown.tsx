import { createCodePlugin } from '@streamdown/code';
import { memo, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Streamdown } from 'streamdown';
import { useServices } from '../../app/services.ts';

/** Colours of code that keep 4.5:1 on paper and on ink. */
const PLUGINS = { code: createCodePlugin({ themes: ['github-light-high-contrast', 'github-dark-default'] }) };

/** An answer's markdown, also while it is still being written. A chunk of its own: the first picture does not wait for it. */
export const Markdown = memo(function Markdown({ text, isStreaming }: { text: string; isStreaming: boolean }) {
  const { t } = useTranslation();
  return (
    <Streamdown
      className="answer"
      mode={isStreaming ? 'streaming' : 'static'}
      isAnimating={isStreaming}
      plugins={PLUGINS}
      lineNumbers={false}
      controls={{
        code: { copy: true, download: false },
        table: false,
        mermaid: false,
        image: false,
      }}
      linkSafety={{ enabled: false }}
      components={{ a: Link, img: BlockedImage, table: Table }}
      translations={{
        copyCode: t('common.copy'),
        copied: t('common.copied'),
      }}
    >
      {text}
    </Streamdown>
  );
});

/** What the renderer hands to a component in place of an element; everything in it comes from the answer and is checked before use. */
interface RenderedProps {
  node?: unknown;
  href?: unknown;
  alt?: unknown;
  children?: unknown;
}

/** Links leave by the core, which opens them in the owner's browser; nothing ever navigates this page. */
function Link({ href, children }: RenderedProps) {
  const { bridge, view } = useServices();
  const words = children as ReactNode;
  // In a browser page there is no desktop beside the core; the browser itself opens the link, in a page of its own.
  const isBrowser = bridge.door === 'browser';
  if (typeof href !== 'string' || !/^https?:/.test(href)) return <span>{words}</span>;
  return (
    <a
      href={href}
      title={href}
      rel="noreferrer"
      target={isBrowser ? '_blank' : undefined}
      className="underline decoration-accent underline-offset-2 hover:text-accent-text"
      onClick={(event) => {
        if (isBrowser) return;
        event.preventDefault();
        bridge.call('app.openExternal', { url: href }).catch(view.getState().fail);
      }}
    >
      {words}
    </a>
  );
}

/** Wide tables scroll in a frame of their own. */
function Table({ children }: RenderedProps) {
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls has to be reachable by keyboard
    <div tabIndex={0} className="overflow-x-auto">
      <table>{children as ReactNode}</table>
    </div>
  );
}

/** A picture in an answer would fetch something from somewhere, and tell that somewhere that it was read. */
function BlockedImage({ alt }: RenderedProps) {
  const { t } = useTranslation();
  const name = typeof alt !== 'string' || alt === '' ? t('chat.imageNameless') : alt;
  return <span className="text-quiet italic">{t('chat.imageBlocked', { name })}</span>;
}
