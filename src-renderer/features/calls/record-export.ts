import type { Services } from '../../app/services.ts';
import type { ExportFormat } from '../../stores/call-log-store.ts';

const TYPES: Record<ExportFormat, string> = { markdown: 'text/markdown', json: 'application/json', csv: 'text/csv' };

/** What takes no longer needs no words. */
const BUSY_AFTER_MS = 400;

/** `long`: it takes so long that it must be said. */
export type ExportProgress = 'idle' | 'begun' | 'long';

export interface RecordExportDeps extends Pick<Services, 'callLog' | 'view'> {
  saveBlob: (blob: Blob, fileName: string) => void;
  onProgress: (progress: ExportProgress) => void;
}

/** Saves one file at a time, from the choice on: a menu that is only drawn later would let a second choice through. */
export function createRecordExport({
  callLog,
  view,
  saveBlob,
  onProgress,
}: RecordExportDeps): (format: ExportFormat, callIds?: string[]) => void {
  let progress: ExportProgress = 'idle';
  const show = (next: ExportProgress): void => {
    progress = next;
    onProgress(next);
  };
  return (format, callIds) => {
    if (progress !== 'idle') return;
    const { fail, toast } = view.getState();
    show('begun');
    const timer = setTimeout(() => show('long'), BUSY_AFTER_MS);
    callLog
      .getState()
      .exported(format, callIds)
      .then(({ fileName, content }) => {
        saveBlob(new Blob([content], { type: TYPES[format] }), fileName);
        toast({ kind: 'done', content: { key: 'exported', values: { fileName } } });
      })
      .catch(fail)
      .finally(() => {
        clearTimeout(timer);
        show('idle');
      });
  };
}
