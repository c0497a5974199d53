import type { ErrorData } from '../../base/errors.ts';
import type { NoticeBoard } from '../../platform/notices/index.ts';

export type NewNotice = Parameters<NoticeBoard['raise']>[0];

export function notice(level: NewNotice['level'], code: string, message: string): NewNotice {
  return { level, code, message, details: {}, action: 'none' };
}

export function errorNotice(error: ErrorData, part: 'recognition' | 'language' | 'synthesis' | 'store'): NewNotice {
  // Nothing is broken, and no restart would help.
  if (error.code.startsWith('killswitch.')) return { ...notice('needs-you', error.code, error.message), details: error.details };
  return {
    level: 'problem',
    code: error.code,
    message: error.message,
    details: error.details,
    action: part === 'store' ? 'none' : 'restart-part',
    part,
  };
}

export function inputStalled(notices: NoticeBoard, flowing: boolean): void {
  const code = 'microphone.stalled';
  if (flowing) return notices.dismissCode(code);
  // The page knows better: there is none, it is not allowed, or it was unplugged.
  const known = notices.snapshot().parts.find(({ part }) => part === 'microphone')?.status;
  if (known !== undefined && known !== 'ready') return;
  notices.raise({
    ...notice('needs-you', code, 'The microphone stopped sending sound. Choose another one or plug it in again.'),
    action: 'choose-microphone',
    part: 'microphone',
  });
}
