import type { NoticeBoard } from '../../platform/notices/index.ts';
import type { LibraryProblem } from './character-library.ts';

/** Shows what is wrong with folders of characters as notices, each once, and takes a notice back when its cause is gone. */
export function createProblemTeller(notices: Pick<NoticeBoard, 'raise' | 'dismissCode'>): {
  tell(problems: readonly LibraryProblem[]): void;
} {
  let told = new Map<string, string>();
  return {
    tell(problems) {
      // One notice of a kind is enough: the board keeps one per code, and the next shows when this one is mended.
      const now = new Map(problems.map(({ error }) => [error.code, error.message]));
      for (const { error } of problems) {
        if (told.get(error.code) === error.message || now.get(error.code) !== error.message) continue;
        notices.raise({ level: 'problem', code: error.code, message: error.message, details: error.details, action: 'none' });
      }
      for (const code of told.keys()) if (!now.has(code)) notices.dismissCode(code);
      told = now;
    },
  };
}
