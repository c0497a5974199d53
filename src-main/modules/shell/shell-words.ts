import type { TrayState } from './shell.ts';

/** The words that the main process shows itself: tray, menu and system dialogs. Everything on the page is in the page's own catalogues. */
export interface ShellWords {
  tray: Record<TrayState, string>;
  talk: string;
  mute: string;
  unmute: string;
  stop: string;
  stopEverything: string;
  isStopped: string;
  open: string;
  faceWindow: string;
  faceClickThrough: string;
  quit: string;
  newConversation: string;
  settings: string;
  models: string;
  file: string;
  edit: string;
  view: string;
  conversation: string;
  chooseLanguageModel: string;
  chooseVoice: string;
  chooseFolder: string;
  modelFiles: string;
  pageHangs: { title: string; detail: string; wait: string; reload: string };
  cannotStart: string;
  call: {
    /** Title of a notification. */
    calls: (who: string) => string;
    withheld: string;
    answer: (who: string) => string;
    assistant: string;
    turnAway: string;
    hangUp: (who: string) => string;
  };
}

const english: ShellWords = {
  tray: {
    ready: 'Ready',
    listening: 'Listening',
    thinking: 'Thinking',
    speaking: 'Speaking',
    muted: 'Muted',
    offline: 'Something does not work',
    stopped: 'Everything is stopped',
    ringing: 'Somebody is calling',
    'in-call': 'In a call',
  },
  talk: 'Talk',
  mute: 'Mute the microphone',
  unmute: 'Unmute the microphone',
  stop: 'Stop the answer',
  stopEverything: '🔴 Stop everything',
  isStopped: '🔴 Stopped – open the window to start again',
  open: 'Open the window',
  faceWindow: 'Face in a small window',
  faceClickThrough: 'Let clicks through the small window',
  quit: 'Quit',
  newConversation: 'New conversation',
  settings: 'Settings',
  models: 'Models',
  file: 'File',
  edit: 'Edit',
  view: 'View',
  conversation: 'Conversation',
  chooseLanguageModel: 'Choose a language model',
  chooseVoice: 'Choose a voice',
  chooseFolder: 'Choose the folder that the assistant may use',
  modelFiles: 'Model files',
  pageHangs: {
    title: 'The window does not respond',
    detail: 'It may come back by itself. Loading it again keeps your conversations.',
    wait: 'Wait',
    reload: 'Load again',
  },
  cannotStart: 'OpenClaw Desktop cannot start',
  call: {
    calls: (who) => `${who} is calling`,
    withheld: 'Withheld number',
    answer: (who) => `Answer ${who}`,
    assistant: 'Let the assistant answer',
    turnAway: 'Turn the call away',
    hangUp: (who) => `Hang up ${who}`,
  },
};

const german: ShellWords = {
  tray: {
    ready: 'Bereit',
    listening: 'Hört zu',
    thinking: 'Denkt nach',
    speaking: 'Spricht',
    muted: 'Stummgeschaltet',
    offline: 'Etwas funktioniert nicht',
    stopped: 'Alles ist gestoppt',
    ringing: 'Jemand ruft an',
    'in-call': 'Im Gespräch',
  },
  talk: 'Sprechen',
  mute: 'Mikrofon stummschalten',
  unmute: 'Mikrofon einschalten',
  stop: 'Antwort abbrechen',
  stopEverything: '🔴 Alles stoppen',
  isStopped: '🔴 Gestoppt – zum Wiederstarten das Fenster öffnen',
  open: 'Fenster öffnen',
  faceWindow: 'Gesicht in einem kleinen Fenster',
  faceClickThrough: 'Klicks durch das kleine Fenster lassen',
  quit: 'Beenden',
  newConversation: 'Neue Unterhaltung',
  settings: 'Einstellungen',
  models: 'Modelle',
  file: 'Datei',
  edit: 'Bearbeiten',
  view: 'Ansicht',
  conversation: 'Unterhaltung',
  chooseLanguageModel: 'Sprachmodell auswählen',
  chooseVoice: 'Stimme auswählen',
  chooseFolder: 'Ordner wählen, den der Assistent benutzen darf',
  modelFiles: 'Modelldateien',
  pageHangs: {
    title: 'Das Fenster reagiert nicht',
    detail: 'Vielleicht kommt es von selbst zurück. Beim Neuladen bleiben die Unterhaltungen erhalten.',
    wait: 'Warten',
    reload: 'Neu laden',
  },
  cannotStart: 'OpenClaw Desktop kann nicht starten',
  call: {
    calls: (who) => `${who} ruft an`,
    withheld: 'Unterdrückte Nummer',
    answer: (who) => `Annehmen: ${who}`,
    assistant: 'Den Assistenten annehmen lassen',
    turnAway: 'Anruf abweisen',
    hangUp: (who) => `Auflegen: ${who}`,
  },
};

export function shellWords(locale: 'en' | 'de'): ShellWords {
  return locale === 'de' ? german : english;
}
