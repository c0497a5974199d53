import {
  Registerer,
  RegistererState,
  SessionState,
  UserAgent,
  type Invitation,
  type Session,
  type SessionDescriptionHandler,
} from 'sip.js';
import type { SoftphoneAccess } from '../../src-preload/contract/index.ts';
import type { CallMedia } from './call-media.ts';

/*
 * The only file that knows SIP.js. Loaded when the phone is set up and not before: it weighs as much as the rest of the page's code.
 */

/** What of SIP the softphone needs: one registration over one WebSocket. It is not mended when it breaks: a new one takes its place. */
export interface SipLine {
  /** Ends its calls, takes the registration back, closes the socket. */
  close(): void;
}

/** The exchange calls; nothing is answered by itself. */
export interface SipInvitation {
  callId: string;
  /** The core says that the owner has asked for it, from wherever. */
  answersAtOnce: boolean;
  /** Resolves when the answer is on its way; rejects when the exchange gave up meanwhile or the sound cannot be agreed on. */
  accept(media: CallMedia): Promise<void>;
  /** Declines it or hangs up, whichever it is time for. */
  end(): void;
  /** For ends that take no digits in the sound. */
  sendInfoDigit(digit: string): void;
  /** Whoever ended it. Called once, also when it is over already. */
  onEnd(listener: () => void): void;
}

export interface SipLineOptions {
  access: SoftphoneAccess;
  onRegistered: () => void;
  /** It has broken, or never came up; called once. `refused` = the exchange is there and does not know this password. */
  onLost: (why: 'refused' | 'unreachable') => void;
  onInvite: (invitation: SipInvitation) => void;
}

export type OpenSipLine = (options: SipLineOptions) => SipLine;

/** Which call it is; set by the core. */
const CALL_HEADER = 'X-OpenClaw-Call';
/** `now` = answered without a click in this page. */
const ANSWER_HEADER = 'X-OpenClaw-Answer';
/** Short, so that an exchange that was started anew is noticed even if its socket lingers. */
const REGISTRATION_SECONDS = 60;
const CONNECTION_TIMEOUT_SECONDS = 5;
/** The exchange waits for a click at most as long; the owner has 30 s. */
const NO_ANSWER_SECONDS = 120;

export const openSipLine: OpenSipLine = ({ access, onRegistered, onLost, onInvite }) => {
  let isOver = false;
  const mediaOf = new WeakMap<Session, CallMedia>();
  const agent = new UserAgent({
    ...optionsOf(access),
    sessionDescriptionHandlerFactory(session) {
      const media = mediaOf.get(session);
      if (!media) throw new Error('A call was answered without its sound.');
      return describe(media);
    },
    delegate: {
      onInvite(invitation) {
        const callId = invitation.request.getHeader(CALL_HEADER)?.trim();
        // Nobody but the core calls here; a stray call is not for people.
        if (callId === undefined || callId === '') void invitation.reject({ statusCode: 480 }).catch(() => undefined);
        else onInvite(wrap(invitation, callId, (media) => mediaOf.set(invitation, media)));
      },
      // Not in its own tick: SIP.js refuses to be stopped while it is telling this.
      onDisconnect: () => queueMicrotask(() => lose('unreachable')),
    },
  });
  const registerer = new Registerer(agent, { expires: REGISTRATION_SECONDS, refreshFrequency: 75, logConfiguration: false });

  const stop = (): void => {
    isOver = true;
    void agent.stop().catch(() => undefined);
  };
  const lose = (why: 'refused' | 'unreachable'): void => {
    if (isOver) return;
    stop();
    onLost(why);
  };

  let isRegistered = false;
  registerer.stateChange.addListener((state) => {
    if (state === RegistererState.Registered && !isOver && !isRegistered) {
      isRegistered = true;
      onRegistered();
    }
    // A refresh that was refused or not answered.
    if (state === RegistererState.Unregistered && isRegistered) lose('unreachable');
  });
  agent
    .start()
    .then(() =>
      registerer.register({
        requestDelegate: {
          onReject: ({ message }) => lose(message.statusCode === 401 || message.statusCode === 403 ? 'refused' : 'unreachable'),
        },
      }),
    )
    .catch(() => lose('unreachable'));
  return { close: stop };
};

function optionsOf({ url, user, password, realm }: SoftphoneAccess): ConstructorParameters<typeof UserAgent>[0] & object {
  const uri = UserAgent.makeURI(`sip:${user}@${realm}`);
  return {
    ...(uri ? { uri } : {}),
    authorizationUsername: user,
    authorizationPassword: password,
    contactName: user,
    transportOptions: { server: url, connectionTimeout: CONNECTION_TIMEOUT_SECONDS, traceSip: false },
    noAnswerTimeout: NO_ANSWER_SECONDS,
    // Whoever made the line ends it, when the page goes too.
    gracefulShutdown: false,
    // Its log would name numbers and names of callers.
    logBuiltinEnabled: false,
    logConfiguration: false,
    userAgentString: 'OpenClaw Desktop',
  };
}

function wrap(invitation: Invitation, callId: string, useMedia: (media: CallMedia) => void): SipInvitation {
  return {
    callId,
    answersAtOnce: invitation.request.getHeader(ANSWER_HEADER)?.trim() === 'now',
    accept(media) {
      useMedia(media);
      return invitation.accept();
    },
    end() {
      switch (invitation.state) {
        case SessionState.Initial:
        case SessionState.Establishing:
          void invitation.reject({ statusCode: 603 }).catch(() => undefined);
          break;
        case SessionState.Established:
          void invitation.bye().catch(() => undefined);
          break;
        default:
      }
    },
    sendInfoDigit(digit) {
      const content = `Signal=${digit}\r\nDuration=160\r\n`;
      const body = { contentDisposition: 'render', contentType: 'application/dtmf-relay', content };
      invitation.info({ requestOptions: { body } }).catch(() => undefined);
    },
    onEnd(listener) {
      if (invitation.state === SessionState.Terminated) return listener();
      invitation.stateChange.addListener((state) => state === SessionState.Terminated && listener());
    },
  };
}

/** Our sound as SIP.js asks for it. */
function describe(media: CallMedia): SessionDescriptionHandler {
  return {
    close: media.close,
    getDescription: async () => ({ body: await media.local(), contentType: 'application/sdp' }),
    hasDescription: (contentType) => contentType === 'application/sdp',
    setDescription: media.setRemote,
    rollbackDescription: media.rollBack,
    sendDtmf: media.sendDigits,
  };
}
