import { hasLoopback, onlyLoopback } from './loopback-sdp.ts';
import type { SoundCounts } from './sound-judge.ts';

/** Sound of one call: a WebRTC connection to the exchange on this machine. */
export interface CallMedia {
  /** The other end's description: an offer, or the answer to ours. */
  setRemote(sdp: string): Promise<void>;
  /** Ours, complete, with loopback addresses alone. */
  local(): Promise<string>;
  rollBack(): Promise<void>;
  /** What goes out; undefined = nothing. May be called at any time, also in a running call. */
  send(track: MediaStreamTrack | undefined): void;
  /** RFC 4733; false = the other end does not take digits this way. */
  sendDigits(digits: string): boolean;
  /** `here`, `there`: loudness now, 0..1, linear. */
  count(): Promise<SoundCounts & { here: number; there: number }>;
  /** Whether a first packet of the other end has been played. Cheap. */
  hasPlayed(): boolean;
  close(): void;
}

export interface CallMediaDeps {
  createPeer: () => RTCPeerConnection;
  onStream: (stream: MediaStream) => void;
  /** The connection has failed for good. */
  onFailed: () => void;
  nowMs: () => number;
}

/** Candidates of this machine come within milliseconds; a gathering that hangs must not cost the caller seconds. */
const GATHERING_LIMIT_MS = 400;
const DIGIT_MS = 120;
const GAP_MS = 70;

/** Browser's own: no servers, so that nothing asks about this machine outside. */
export const createLoopbackPeer = (): RTCPeerConnection =>
  new RTCPeerConnection({ iceServers: [], bundlePolicy: 'max-bundle', rtcpMuxPolicy: 'require' });

export function createCallMedia({ createPeer, onStream, onFailed, nowMs }: CallMediaDeps): CallMedia {
  const peer = createPeer();
  let sending: MediaStreamTrack | undefined;
  /** The one line of sound; there once either side has offered it. */
  let line: RTCRtpTransceiver | undefined;

  peer.addEventListener('track', ({ streams, track }) => onStream(streams[0] ?? new MediaStream([track])));
  peer.addEventListener('connectionstatechange', () => peer.connectionState === 'failed' && onFailed());

  const attach = (): void => {
    // Closed meanwhile: nobody waits for it any more.
    line?.sender.replaceTrack(sending ?? null).catch(() => undefined);
  };

  return {
    async setRemote(sdp) {
      const type = peer.signalingState === 'have-local-offer' ? 'answer' : 'offer';
      await peer.setRemoteDescription({ type, sdp: onlyLoopback(sdp) });
      if (line !== undefined || type === 'answer') return;
      // Answered in both directions whether or not the microphone is open yet: it is put in later without asking anybody.
      line = peer.getTransceivers().find((transceiver) => transceiver.receiver.track.kind === 'audio');
      if (line) line.direction = 'sendrecv';
      attach();
    },
    async local() {
      if (peer.signalingState !== 'have-remote-offer') line ??= peer.addTransceiver('audio', { direction: 'sendrecv' });
      attach();
      await peer.setLocalDescription();
      await gathered(peer);
      return onlyLoopback(peer.localDescription?.sdp ?? '');
    },
    async rollBack() {
      await peer.setLocalDescription({ type: 'rollback' });
    },
    send(track) {
      if (track === sending) return;
      sending = track;
      attach();
    },
    sendDigits(digits) {
      const sender = line?.sender.dtmf;
      if (!sender?.canInsertDTMF) return false;
      // What has not gone out yet goes first.
      sender.insertDTMF(sender.toneBuffer + digits, DIGIT_MS, GAP_MS);
      return true;
    },
    async count() {
      const counts = { atMs: nowMs(), received: 0, sent: 0, microphoneEnergy: null as number | null, here: 0, there: 0 };
      for (const entry of (await peer.getStats()).values() as Iterable<StatsEntry>) {
        if (entry.type === 'inbound-rtp') {
          counts.received += entry.packetsReceived ?? 0;
          counts.there = Math.max(counts.there, entry.audioLevel ?? 0);
        }
        if (entry.type === 'outbound-rtp') counts.sent += entry.packetsSent ?? 0;
        if (entry.type === 'media-source' && sending) {
          counts.microphoneEnergy = entry.totalAudioEnergy ?? null;
          counts.here = entry.audioLevel ?? 0;
        }
      }
      return counts;
    },
    hasPlayed: () => (line?.receiver.getSynchronizationSources().length ?? 0) > 0,
    close() {
      sending = undefined;
      peer.close();
    },
  };
}

/** The members of the reports that are read here; TypeScript's library knows `RTCStatsReport` only as a map of anything. */
interface StatsEntry {
  type: string;
  packetsReceived?: number;
  packetsSent?: number;
  totalAudioEnergy?: number;
  audioLevel?: number;
}

/** Resolves with the first address on loopback: it is the only one that counts, and the others take another tenth of a second. */
function gathered(peer: RTCPeerConnection): Promise<void> {
  if (peer.iceGatheringState === 'complete' || hasLoopback(peer.localDescription?.sdp ?? '')) return Promise.resolve();
  return new Promise((done) => {
    const timer = setTimeout(finish, GATHERING_LIMIT_MS);
    function look(): void {
      if (peer.iceGatheringState === 'complete' || hasLoopback(peer.localDescription?.sdp ?? '')) finish();
    }
    function finish(): void {
      clearTimeout(timer);
      peer.removeEventListener('icecandidate', look);
      peer.removeEventListener('icegatheringstatechange', look);
      done();
    }
    peer.addEventListener('icecandidate', look);
    peer.addEventListener('icegatheringstatechange', look);
  });
}
