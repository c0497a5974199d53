import { describe, expect, it, onTestFinished } from 'vitest';
import { openConnection } from '../../../../../src-main/platform/store/connection.ts';
import { createLatchRecords } from '../../../../../src-main/platform/store/latch-records.ts';
import { migrate, schemaVersion } from '../../../../../src-main/platform/store/migrate.ts';
import { historyMigration } from '../../../../../src-main/platform/store/migrations/0001-history.ts';
import { killswitchMigration } from '../../../../../src-main/platform/store/migrations/0002-killswitch.ts';

describe('migration 2: killswitch', () => {
  it('adds empty tables to a history that has awkward rows, and leaves the rows as they are', () => {
    const connection = openConnection({ file: ':memory:', nativeBinding: undefined });
    onTestFinished(() => void connection.close());
    migrate(connection, [historyMigration], () => undefined);
    const title = Buffer.from([0, 255, 39, 34]);
    connection.prepare("INSERT INTO conversations VALUES ('ö''; --', 1, ?, 0, NULL, -5, 9007199254740991, NULL)").run(title);
    const before = connection.prepare('SELECT * FROM conversations').all();
    migrate(connection, [historyMigration, killswitchMigration], () => undefined);
    expect(schemaVersion(connection)).toBe(2);
    expect(connection.prepare('SELECT * FROM conversations').all()).toEqual(before);
    expect(connection.prepare('SELECT * FROM killswitch_latch').all()).toEqual([]);
    expect(connection.prepare('SELECT * FROM killswitch_events').all()).toEqual([]);
  });

  it('keeps one latch, and every event', () => {
    const connection = openConnection({ file: ':memory:', nativeBinding: undefined });
    onTestFinished(() => void connection.close());
    migrate(connection, [historyMigration, killswitchMigration], () => undefined);
    const records = createLatchRecords(connection);
    expect(records.read()).toBeUndefined();
    const latch = { level: 3, trigger: 'voice', reason: 'enough', seq: 1, atMs: 5, languageCutOff: true };
    const event = { kind: 'engage' as const, seq: 1, level: 3, source: 'voice', reason: 'enough', atMs: 5 };
    records.write(latch, event);
    records.write({ ...latch, level: 0, trigger: null, seq: 2 });
    expect(records.read()).toEqual({ ...latch, level: 0, trigger: null, seq: 2 });
    expect(records.events(10)).toEqual([event]);
    expect(() => records.write({ ...latch, level: 6 })).toThrow('CHECK');
  });
});
