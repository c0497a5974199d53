import type { Clock } from '../../base/clock.ts';
import type { ErrorData } from '../../base/errors.ts';

/** A file of a character's folder, as the storage lists it. */
export interface StoredFile {
  name: string;
  sizeBytes: number;
  /** Changes with the content: time of change, or the storage's own tag. */
  stamp: string;
}

/** One character's folder. What is in the files is the library's matter. */
export interface StoredFolder {
  id: string;
  files: readonly StoredFile[];
}

/** Bytes, or a file of this machine that is copied: models are too large for memory. */
export type FileContent = Uint8Array | { path: string };

export interface FolderChange {
  /** The new `metadata.json`: written last, so that it never names a file that is not there. Without it the words stay as they are. */
  metadata?: Uint8Array;
  /** Files to add; names that are there already are replaced. */
  add?: ReadonlyMap<string, FileContent>;
  /** Files that nothing names any more. */
  remove?: readonly string[];
}

/**
 * Where characters lie: one folder each, `metadata.json` and what it names. Implemented on the disk and on S3. Ids and file names are checked at this
 * door: with path parts in them every method rejects with `character.bad-path`. What cannot be written rejects with `character.disk-full`,
 * `character.not-saved` or `character.storage-unreachable`, and the state before stays.
 */
export interface CharacterStorage {
  /** All folders but those in the bin, in the order of their ids, also damaged ones. */
  list(): Promise<StoredFolder[]>;
  /**
   * Only of a storage that lies behind a network: the folders of the last look whose metadata is on this machine, without asking anybody. Never rejects.
   */
  known?(): Promise<StoredFolder[]>;
  /** Rejects with `character.file-missing`. */
  read(id: string, file: string): Promise<Uint8Array>;
  /** Path of the file on this machine; fetched first where it lies elsewhere. Rejects with `character.file-missing`. */
  locate(id: string, file: string): Promise<string>;
  /** A whole new folder, or nothing. Rejects with `character.id-taken`, also for an id that is in the bin. */
  create(id: string, files: ReadonlyMap<string, FileContent>): Promise<void>;
  /** Rejects with `character.unknown`. */
  change(id: string, change: FolderChange): Promise<void>;
  /** Moves the folder to the bin. Rejects with `character.unknown`. */
  bin(id: string): Promise<void>;
  /** Takes it out again. Rejects with `character.not-in-bin`. */
  restore(id: string): Promise<void>;
  /** Deletes for good what has been in the bin for 30 days, and what an interrupted save has left. */
  purge(): Promise<void>;
  /** What keeps it from working right now, or undefined. */
  problem(): ErrorData | undefined;
}

export type StorageClock = Pick<Clock, 'wallMs'>;

export const METADATA_FILE = 'metadata.json';
/** The face of the portrait. */
export const FACE_FILE = 'face.json';
export const BIN_DAYS = 30;
export const BIN_MS = BIN_DAYS * 24 * 3_600_000;

const FILE_NAME = /^[A-Za-z0-9_][\w.-]{0,79}$/;

/** Whether a file may be called so: one name without path parts, not hidden. */
export function isFileName(name: string): boolean {
  return FILE_NAME.test(name) && !name.endsWith('.new');
}
