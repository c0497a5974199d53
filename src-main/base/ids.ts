import { randomUUID } from 'node:crypto';

/** A fresh id, sortable by creation within a millisecond's resolution: 9 base-36 digits of the time, then 12 random ones in hexadecimal. */
export function createId(prefix: string): string {
  const time = Date.now().toString(36).padStart(9, '0');
  return `${prefix}_${time}${randomUUID().replaceAll('-', '').slice(0, 12)}`;
}
