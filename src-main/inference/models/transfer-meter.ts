import type { Clock } from '../../base/clock.ts';

/** How far a download is. `secondsLeft` is null while the speed is not known. */
export interface TransferProgress {
  receivedBytes: number;
  totalBytes: number;
  bytesPerSecond: number;
  secondsLeft: number | null;
}

/** One of the things that are fetched side by side. */
export interface Transfer {
  /** Bytes that are here so far, those of an earlier run included. */
  received(bytes: number): void;
  /** The true size, once the source has told it. */
  total(bytes: number): void;
  /** This source failed: its bytes no longer count. */
  drop(): void;
}

export interface TransferMeter {
  add(totalBytes: number): Transfer;
  progress(): TransferProgress;
}

/** The speed is the mean over this time. */
const WINDOW_MS = 5000;

/** Adds up what several transfers have moved. Bytes kept from an earlier run count as received, but not as speed. */
export function createTransferMeter(clock: Clock): TransferMeter {
  const transfers = new Set<{ received: number; total: number; started: boolean }>();
  /** Bytes moved since creation, at the times they were reported; the first sample is the window's left edge. */
  const samples: { atMs: number; movedBytes: number }[] = [{ atMs: clock.nowMs(), movedBytes: 0 }];
  let movedBytes = 0;

  const record = (): void => {
    const atMs = clock.nowMs();
    samples.push({ atMs, movedBytes });
    while (samples.length > 2 && (samples[1]?.atMs ?? atMs) < atMs - WINDOW_MS) samples.shift();
  };
  const speed = (): number => {
    const first = samples[0];
    const elapsedMs = first ? clock.nowMs() - first.atMs : 0;
    return first && elapsedMs > 0 ? ((movedBytes - first.movedBytes) * 1000) / elapsedMs : 0;
  };

  return {
    add(totalBytes) {
      const transfer = { received: 0, total: totalBytes, started: false };
      transfers.add(transfer);
      return {
        received(bytes) {
          if (transfer.started) movedBytes += Math.max(0, bytes - transfer.received);
          transfer.started = true;
          transfer.received = bytes;
          record();
        },
        total(bytes) {
          transfer.total = bytes;
        },
        drop() {
          transfers.delete(transfer);
        },
      };
    },
    progress() {
      let receivedBytes = 0;
      let totalBytes = 0;
      for (const transfer of transfers) {
        totalBytes += Math.max(transfer.total, transfer.received);
        receivedBytes += transfer.received;
      }
      const bytesPerSecond = Math.round(speed());
      return {
        receivedBytes,
        totalBytes,
        bytesPerSecond,
        secondsLeft: bytesPerSecond > 0 ? Math.ceil((totalBytes - receivedBytes) / bytesPerSecond) : null,
      };
    },
  };
}
