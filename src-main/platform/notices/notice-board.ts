import type { Notice, Part, PartStatus } from '../../../src-preload/contract/index.ts';
import { createId } from '../../base/ids.ts';
import type { Unsubscribe } from '../../base/dispose.ts';
import type { Tell } from '../contract-host/index.ts';

/** What the owner should know and how each part of the machinery is doing. Only the current truth is kept, nothing is stored on disk. */
export interface NoticeBoard {
  /** Shows a notice and returns its id. One with the same code and part takes the place (and the id) of the former, so nothing piles up. */
  raise(notice: Omit<Notice, 'id'>): string;
  /** The owner has seen it. Unknown ids are ignored: two pages may dismiss the same notice. */
  dismiss(noticeId: string): void;
  /** The cause has gone by itself: takes away the notices with this code, of that part or of all. */
  dismissCode(code: string, part?: Part): void;
  setPart(status: PartStatus): void;
  snapshot(): { parts: PartStatus[]; notices: Notice[] };
  /** Called after each change, so that whoever tells whole snapshots (`app.changed`) can do it. */
  onChange(listener: () => void): Unsubscribe;
}

/** Creates an empty board; every change is told to all pages as `app.notice` or `app.parts`. */
export function createNoticeBoard(deps: { tell: Tell }): NoticeBoard {
  const notices = new Map<string, Notice>();
  const parts = new Map<Part, PartStatus>();
  const listeners = new Set<() => void>();
  const changed = (): void => {
    for (const listener of listeners) listener();
  };
  const removeWhere = (matches: (notice: Notice) => boolean): void => {
    const gone = [...notices.values()].filter(matches);
    for (const notice of gone) notices.delete(notice.id);
    if (gone.length > 0) changed();
  };

  return {
    raise(notice) {
      const former = [...notices.values()].find((known) => known.code === notice.code && known.part === notice.part);
      const shown: Notice = { ...notice, id: former?.id ?? createId('notice') };
      notices.delete(shown.id);
      notices.set(shown.id, shown);
      deps.tell('app.notice', shown);
      changed();
      return shown.id;
    },
    dismiss: (noticeId) => removeWhere((notice) => notice.id === noticeId),
    dismissCode: (code, part) => removeWhere((notice) => notice.code === code && (part === undefined || notice.part === part)),
    setPart(status) {
      if (sameStatus(parts.get(status.part), status)) return;
      parts.set(status.part, status);
      deps.tell('app.parts', [...parts.values()]);
      changed();
    },
    snapshot: () => ({ parts: [...parts.values()], notices: [...notices.values()] }),
    onChange(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}

function sameStatus(left: PartStatus | undefined, right: PartStatus): boolean {
  return left?.status === right.status && left.code === right.code && left.message === right.message;
}
