import type { HandlersFor } from '../contract-host/index.ts';
import type { AuditLog } from './audit-log.ts';

/** The contract's side of the audit log: what the window's page of decisions reads. Keys and codes stay here. */
export function createAuditHandlers({ audit }: { audit: Pick<AuditLog, 'list' | 'verify'> }): HandlersFor<'audit.list' | 'audit.verify'> {
  return {
    'audit.list': async ({ beforeSeq, limit }) => {
      const entries = await audit.list({ beforeSeq, limit });
      return entries.map(({ seq, atMs, action, subject, details }) => ({ seq, atMs, action, subject, details }));
    },
    'audit.verify': () => audit.verify(),
  };
}
