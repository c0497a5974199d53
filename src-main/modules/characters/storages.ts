import { join } from 'node:path';
import type { Unsubscribe } from '../../base/dispose.ts';
import type { CharacterStorage } from './character-storage.ts';
import { s3AccessKey, s3Bucket, s3Endpoint, s3Region, storageKind } from './characters-config.ts';
import type { CharactersDeps } from './characters.ts';
import { createDiskStorage } from './disk-storage.ts';
import { createS3Storage, type S3Place } from './s3-storage.ts';

/** Where the owner's characters lie: the disk always, and a bucket when it is set up. */
export interface Storages {
  all(): readonly CharacterStorage[];
  /** The one that new characters go to. */
  forNew(): CharacterStorage;
  /** The settings lead somewhere else now. */
  onChange(listener: () => void): Unsubscribe;
}

const S3_KEYS: ReadonlySet<string> = new Set([storageKind, s3Endpoint, s3Bucket, s3Region, s3AccessKey].map(({ key }) => key));

export function createStorages(
  deps: Pick<CharactersDeps, 'dataDirectory' | 'config' | 's3SecretKey' | 'shut' | 'clock' | 'log'>,
): Storages {
  const { config, shut, clock, log, dataDirectory } = deps;
  const disk = createDiskStorage({ folder: join(dataDirectory, 'characters'), clock });
  let opened: { key: string; storage: CharacterStorage } | undefined;

  const bucket = (): CharacterStorage | undefined => {
    if (config.get<'disk' | 's3'>(storageKind) !== 's3' || config.get(s3Bucket) === '') return undefined;
    const place: S3Place = {
      endpoint: config.get(s3Endpoint),
      bucket: config.get(s3Bucket),
      region: config.get(s3Region),
      accessKeyId: config.get(s3AccessKey),
    };
    const key = JSON.stringify(place);
    if (opened?.key !== key) {
      const cacheFolder = join(dataDirectory, 'characters-s3');
      opened = { key, storage: createS3Storage({ place, secretAccessKey: deps.s3SecretKey, shut, cacheFolder, clock, log }) };
    }
    return opened.storage;
  };
  const all = (): CharacterStorage[] => {
    const remote = bucket();
    return remote ? [disk, remote] : [disk];
  };

  return {
    all,
    forNew: () => bucket() ?? disk,
    onChange: (listener) => config.onChange(({ key }) => S3_KEYS.has(key) && listener()),
  };
}
