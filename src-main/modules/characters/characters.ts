import type {
  CharacterMetadata,
  FaceAnchors,
  PortraitFace,
  PortraitReport,
  SpeechPattern,
  VoiceProfile,
} from '../../../src-preload/contract/index.ts';
import type { Clock } from '../../base/clock.ts';
import type { Disposable } from '../../base/dispose.ts';
import type { Log } from '../../base/log.ts';
import type { LanguageModel, RenderedSpeech } from '../../inference/contracts/index.ts';
import type { FaceServer } from '../../inference/face-servers/index.ts';
import type { ImageGenerator } from '../../inference/images/index.ts';
import type { Config } from '../../platform/config/index.ts';
import type { Caller, Downloads, HandlersFor, ResourceHandler, Tell, Uploads } from '../../platform/contract-host/index.ts';
import type { NoticeBoard } from '../../platform/notices/index.ts';

export type CharacterCalls =
  | 'characters.list'
  | 'characters.use'
  | 'characters.preload'
  | 'characters.analysePortrait'
  | 'characters.fitAnchors'
  | 'characters.createFromPortrait'
  | 'characters.createFromModel'
  | 'characters.paint'
  | 'characters.draftPersona'
  | 'characters.update'
  | 'characters.setVoiceSample'
  | 'characters.duplicate'
  | 'characters.delete'
  | 'characters.restore'
  | 'characters.export'
  | 'characters.import'
  | 'characters.speakSample'
  | 'characters.renderSample'
  | 'characters.renderClip'
  | 'characters.cancelClip';

/** A portrait ready to be stored: upright, sRGB, not larger than needed. */
export interface PreparedPortrait {
  picture: Uint8Array;
  /** `webp`, `png` or `jpg`. */
  extension: string;
  width: number;
  height: number;
  /** `portraitHash` is that of `picture`. */
  face: PortraitFace;
}

/** Looks at pictures, in a process of its own. Errors are `AppError`s of the area `face` or `picture`, each with a way on. */
export interface PortraitStudio {
  analyse(path: string): Promise<PortraitReport>;
  /** 478 x, y, z, flat. */
  fitAnchors(path: string, anchors: FaceAnchors): Promise<number[]>;
  /** `anchors` overrule `face`, the index of one that was found. Rejects with `face.none` when there is neither. */
  prepare(path: string, choice: { face: number; anchors: FaceAnchors | null }): Promise<PreparedPortrait>;
}

/** A voice sample as engines take it: mono WAV, trimmed. */
export interface PreparedSample {
  wav: Uint8Array;
  durationMs: number;
  /** The installed voice that comes nearest, where none can copy a voice; undefined where one can, or none is like it. */
  nearest: Pick<VoiceProfile, 'voice' | 'pitch'> | undefined;
}

/** Who speaks: what the conversation must know for one utterance. */
export interface Speaker {
  id: string;
  voice: VoiceProfile;
  patterns: readonly SpeechPattern[];
  /** Where the voice sample lies on this machine. */
  samplePath?: string | undefined;
}

/** Who answers, as the agent tells the language model. */
export type Persona = Pick<CharacterMetadata, 'name' | 'systemPrompt' | 'examples'>;

export interface CharactersDeps {
  dataDirectory: string;
  /** `resources/characters` of the app. */
  shippedDirectory: string;
  config: Config;
  /** Secret key of the S3 storage. */
  s3SecretKey: () => string | undefined;
  /** Aborted, with its reason, while nothing may reach out. */
  shut: () => AbortSignal;
  uploads: Uploads;
  downloads: Downloads;
  studio: PortraitStudio;
  /** Checks and trims a voice sample. Rejects with the sentence that says what is wrong with it. */
  prepareSample: (path: string) => Promise<PreparedSample>;
  painter: ImageGenerator;
  model: LanguageModel;
  /** Language of the window. */
  locale: () => 'en' | 'de';
  tell: Tell;
  notices: Pick<NoticeBoard, 'raise' | 'dismissCode'>;
  /** Somebody's page may have another character now, or this one sounds or answers otherwise. */
  changed: (characterId: string) => void;
  speak: (caller: Caller, speaker: Speaker, text: string, language: 'en' | 'de') => void | Promise<void>;
  /** Speaks into memory. */
  render: (speaker: Speaker, text: string, language: 'en' | 'de') => Promise<RenderedSpeech>;
  /** Makes clips outside the app. */
  films: FaceServer;
  clock: Clock;
  log: Log;
}

/** Everyone who could be there, and who is. */
export interface Characters extends Disposable {
  /** Reads what is there; must resolve before anybody speaks. Never rejects: what cannot be read becomes a notice. */
  open(): Promise<void>;
  /** Who speaks in the sessions of this page; Nova when the one that was chosen is gone. */
  speaker(clientId: string): Speaker;
  /** Undefined for one that is not there any more. */
  persona(characterId: string): Persona | undefined;
  /** What all of them are called. */
  names(): string[];
  /** The page is gone, and its choice with it. */
  clientGone(clientId: string): void;
  /** File and face of a character's portrait, on this machine. Rejects with `character.unknown` or `character.file-missing`. */
  portraitOf(characterId: string): Promise<{ path: string; face: PortraitFace }>;
  files: ResourceHandler;
  handlers: HandlersFor<CharacterCalls>;
  /** Bytes that warm characters hold, for the bench. */
  warmBytes(): number;
}
