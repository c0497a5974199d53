import type { CatalogueOf, PartialCatalogue } from './catalogue.ts';
import { handsSettingsDe } from './hands-settings-de.ts';
import { phoneSettingsDe } from './phone-de.ts';
import type { settingsEn } from './settings-en.ts';

type SettingsCatalogue = CatalogueOf<typeof settingsEn>;

export const settingsDe: SettingsCatalogue = {
  ...handsSettingsDe,
  ...phoneSettingsDe,
  title: 'Einstellungen',
  searchLabel: 'Einstellungen durchsuchen',
  fold: 'Für Fortgeschrittene',
  resetNamed: '„{{title}}“ auf den Standard zurücksetzen',
  systemChoice: 'Vom System gewählt',
  absentDevice: '{{name}} (nicht angeschlossen)',
  hearNamed: 'Die Stimme hören',
  pressKeys: 'Jetzt die Tasten drücken',
  noKeys: 'Keine',
  secrets: {
    s3SecretKey: 'Geheimer Schlüssel',
    generatorKey: 'Schlüssel des Bildgenerators',
    filmServerToken: 'Kennwort des Gesichts-Servers',
  },
  units: { days: 'Tage', tokens: 'Token', seconds: 'Sekunden', minutes: 'Minuten', 'per min': 'je Minute' },
  subjects: {
    talk: 'Sprechen',
    voice: 'Stimme',
    languageModel: 'Antworten',
    characters: 'Figuren',
    tools: 'Werkzeuge',
    phone: 'Telefon',
    appearance: 'Aussehen',
    privacy: 'Privatsphäre',
    shortcuts: 'Tasten',
    advanced: 'Für Fortgeschrittene',
  },
  backups: {
    title: 'Sicherungen',
    hint: 'Die Gespräche und die Anrufliste, wie sie waren; Aufnahmen von Anrufen sind nicht dabei. Beim Einspielen werden die jetzigen beiseitegelegt.',
    none: 'Noch keine Sicherung. Die erste entsteht von selbst.',
    restore: 'Einspielen',
    restoreNamed: 'Die Sicherung vom {{when}} einspielen',
    confirmTitle: 'Die Sicherung vom {{when}} einspielen?',
    confirmText: 'Die jetzigen Gespräche werden beiseitegelegt, nicht gelöscht.',
  },
  doctor: {
    title: 'Untersuchung',
    hint: 'Sieht jedes Teil an und sagt, wie es zu richten ist.',
    run: 'Untersuchung starten',
    running: 'Wird untersucht',
    ok: 'Alle Teile funktionieren.',
  },
  talk: {
    language: {
      title: 'Sprache, die du sprichst',
      hint: 'Automatisch erkennt sie Satz für Satz. Geantwortet wird in derselben Sprache.',
      choices: { auto: 'Automatisch' },
    },
    mode: {
      title: 'Wie du sprichst',
      hint: 'Freihändig hört zu, solange das Gespräch offen ist. Sonst hört es zu, solange du die Taste hältst.',
      choices: { 'hands-free': 'Freihändig', 'push-to-talk': 'Taste halten' },
    },
    endOfTurn: {
      title: 'Geduld',
      hint: 'Wie lange es wartet, bevor es antwortet.',
      choices: { quick: 'Schnell', normal: 'Normal', patient: 'Geduldig' },
    },
    interruption: {
      title: 'Was es unterbrechen darf',
      hint: 'Während es spricht.',
      choices: { words: 'Alle Worte', 'stop-words': 'Nur „Stopp“', never: 'Nichts' },
    },
    sensitivity: { title: 'Schwelle für Sprache', hint: 'Niedriger hört leise Stimmen, und mehr Geräusche.' },
    microphone: { title: 'Mikrofon', hint: 'Gilt sofort.' },
    sounds: {
      title: 'Signaltöne',
      hint: 'Leise Töne, wenn es zuhört, verstanden hat oder dich braucht.',
      choices: { never: 'Nie', 'by-day': 'Von 7 bis 22 Uhr', always: 'Immer' },
    },
    echoCancellation: {
      title: 'Eigene Stimme herausrechnen',
      hint: 'Hält den Ton des Lautsprechers aus dem Mikrofon heraus. Nur mit Kopfhörern ausschalten.',
    },
    noiseSuppression: { title: 'Geräusche dämpfen', hint: 'Lüfter, Tastaturen, Verkehr.' },
    autoGainControl: { title: 'Lautstärke ausgleichen', hint: 'Nahe und ferne Stimmen werden gleich laut.' },
    recogniserOrder: {
      title: 'Reihenfolge der Spracherkenner',
      hint: 'Kennungen von der Seite Modelle, mit Leerzeichen getrennt. Jede Sprache nimmt den ersten, der sie kann.',
    },
  },
  voice: {
    voice: { title: 'Stimme', hint: 'Automatisch nimmt die beste für die Sprache.', choices: { auto: 'Automatisch' } },
    speed: { title: 'Tempo', hint: 'Wie schnell es spricht.' },
    serverAddress: {
      title: 'Sprachserver',
      hint: 'Für Qwen3-TTS und andere, etwa http://127.0.0.1:8091/v1. Was gesprochen wird, geht dorthin.',
    },
    serverModel: { title: 'Modell des Sprachservers', hint: '„Base“ ahmt Stimmen nach, „VoiceDesign“ macht sie aus Worten.' },
    serverVoice: { title: 'Stimme des Sprachservers', hint: 'Eine seiner eigenen; leer nimmt, was er will.' },
    serverRemote: {
      title: 'Sprachserver auf einem anderen Rechner',
      hint: 'Erlaubt eine Adresse anderswo. Was gesprochen wird und Stimmproben verlassen dann diesen Rechner.',
    },
    speaker: { title: 'Lautsprecher', hint: 'Gilt sofort.' },
    volume: { title: 'Lautstärke', hint: 'Der Stimme und der Signaltöne.' },
    speakTyped: { title: 'Getippte Fragen laut beantworten', hint: 'Spricht auch Antworten auf das, was du tippst.' },
    order: {
      title: 'Reihenfolge der Stimmen',
      hint: 'Kennungen von der Seite Modelle, mit Leerzeichen getrennt. Jede Sprache nimmt die erste, die sie spricht.',
    },
  },
  languageModel: {
    systemPrompt: {
      title: 'Anweisungen',
      hint: 'Ersetzen unsere. {current_time}, {call_type}, {language} und {user_name} werden ausgefüllt.',
    },
    userName: { title: 'Name', hint: 'Für die Anrede.' },
    temperature: {
      title: 'Lebhaftigkeit',
      hint: '0 nimmt immer das wahrscheinlichste Wort. Mehr ist lebhafter und weniger verlässlich. Sehr kleine Modelle bekommen ein Drittel davon.',
    },
    maxTokens: { title: 'Längste Antwort', hint: 'Ein Token ist etwa drei Viertel eines Wortes.' },
    backend: {
      title: 'Woher Antworten kommen',
      hint: 'Von einem Modell auf diesem Computer, einem eigenen Server oder Claude.',
      choices: { local: 'Dieser Computer', 'openai-compatible': 'Ein Server', claude: 'Claude' },
    },
    serverAddress: { title: 'Adresse des Servers', hint: 'Voreingestellt ist die von Ollama auf diesem Computer.' },
    serverModel: { title: 'Modell auf dem Server', hint: 'So, wie der Server es nennt.' },
    claudeModel: { title: 'Claude-Modell', hint: 'Voreingestellt ist das schnellste.' },
    contextTokens: { title: 'Gedächtnis eines Gesprächs', hint: 'Mehr braucht mehr Speicher.' },
    threads: { title: 'Prozessor-Threads', hint: '0 nimmt die Hälfte der Kerne. Mehr, als frei sind, macht Antworten langsam.' },
    gpu: { title: 'Grafikkarte nutzen', hint: 'So weit ihr Speicher reicht.' },
    localOrder: {
      title: 'Reihenfolge der Sprachmodelle',
      hint: 'Kennungen von der Seite Modelle, mit Leerzeichen getrennt. Das erste, das da ist, antwortet.',
    },
  },
  character: {
    current: { title: 'Figur neuer Sitzungen', hint: 'Der Name ihres Ordners. Gewechselt wird auf der Seite Figuren.' },
    storage: {
      title: 'Ort neuer Figuren',
      hint: 'Die auf diesem Rechner werden in jedem Fall gezeigt.',
      choices: { disk: 'Dieser Rechner', s3: 'Ein S3-Bucket' },
    },
    s3Endpoint: { title: 'Adresse des S3-Servers', hint: 'MinIO oder ein anderer seiner Art. Leer heißt Amazon.' },
    s3Bucket: { title: 'Bucket', hint: 'Ein Pfad hinter einem Schrägstrich kommt vor jeden Namen.' },
    s3Region: { title: 'Region', hint: 'Eigene Server nehmen jede.' },
    s3AccessKey: { title: 'Zugangsschlüssel', hint: 'Der geheime Schlüssel liegt bei den anderen Schlüsseln.' },
    generator: {
      title: 'Bildgenerator',
      hint: 'Malt Porträts nach ein paar Worten.',
      choices: { none: 'Keiner', openai: 'OpenAI-kompatibler Server', automatic1111: 'AUTOMATIC1111', comfyui: 'ComfyUI' },
    },
    generatorUrl: { title: 'Adresse des Bildgenerators', hint: 'Leer heißt seine übliche auf diesem Rechner.' },
    generatorModel: { title: 'Modell des Bildgenerators', hint: 'Leer überlässt ihm die Wahl.' },
    generatorRemote: {
      title: 'Bildgenerator auf einem anderen Rechner',
      hint: 'Erlaubt eine Adresse anderswo. Die Worte für ein Bild verlassen dann diesen Rechner.',
    },
    filmServerUrl: { title: 'Adresse des Gesichts-Servers', hint: 'Ein eigenes Programm, das Clips mit SadTalker oder Wav2Lip macht.' },
    filmServerRemote: {
      title: 'Gesichts-Server auf einem anderen Rechner',
      hint: 'Erlaubt eine Adresse anderswo. Porträt und Stimme verlassen dann diesen Rechner.',
    },
  },
  appearance: {
    faceWindowShape: {
      title: 'Form des kleinen Fensters',
      hint: 'Wie das Gesicht im eigenen Fenster über allem anderen aussieht.',
      choices: { portrait: 'Porträt', round: 'Rund' },
    },
    faceWindowClickThrough: {
      title: 'Klicks durch das kleine Fenster lassen',
      hint: 'Was darunter liegt, lässt sich benutzen. Geschlossen wird das Fenster auf der Bühne oder im Infobereich.',
    },
    closeToTray: {
      title: 'Beim Schließen dableiben',
      hint: 'OpenClaw bleibt im Infobereich, bereit für sein Kürzel. Sonst beendet das Schließen es.',
    },
    locale: {
      title: 'Sprache des Fensters',
      hint: 'Die Sprache, die du sprichst, steht unter Sprechen.',
      choices: { system: 'Wie der Rechner', en: 'English', de: 'Deutsch' },
    },
    germanAddress: {
      title: 'Anrede',
      hint: 'Wie die deutschen Texte dich ansprechen.',
      choices: { du: 'du', sie: 'Sie' },
    },
    theme: {
      title: 'Farben',
      hint: 'Tinte ist dunkel, Papier ist hell.',
      choices: { system: 'Wie der Rechner', ink: 'Tinte', paper: 'Papier' },
    },
    textSize: { title: 'Textgröße', hint: 'Von allem im Fenster.' },
    captions: { title: 'Untertitel', hint: 'Zeigt die Worte auf der Bühne, während sie gesprochen werden.' },
    motion: {
      title: 'Bewegung',
      hint: 'Reduziert behält den Pegel der Stimme und lässt den Rest weg.',
      choices: { system: 'Wie der Rechner', full: 'Voll', reduced: 'Reduziert' },
    },
  },
  privacy: {
    redactionPatterns: {
      title: 'Eigene Muster für Geheimnisse',
      hint: 'Was dazu passt, verschwindet aus Protokollen, Ergebnissen und dem, was das Modell liest. Je Zeile ein regulärer Ausdruck.',
    },
    historyDays: {
      title: 'Alte Gespräche vergessen',
      hint: 'Nach so vielen Tagen ohne neue Nachricht kommen sie in den Papierkorb, 30 Tage später sind sie weg. 0 behält sie.',
    },
    backupCount: {
      title: 'Aufbewahrte tägliche Sicherungen',
      hint: 'Verschlüsselt wie die Gespräche. Gelöschte Gespräche leben in ihnen weiter. 0 macht keine.',
    },
  },
  advanced: {
    memoryGuard: {
      title: 'Zu große Modelle ablehnen',
      hint: 'Lädt und benutzt kein Modell, das mehr Speicher braucht, als für seine Aufgabe vorgesehen ist.',
    },
    logLevel: {
      title: 'Ausführlichkeit des Protokolls',
      hint: 'Keine Stufe schreibt mit, was gesagt wurde.',
      choices: { debug: 'Alles', info: 'Üblich', warn: 'Warnungen', error: 'Fehler' },
    },
  },
  shortcuts: {
    pushToTalk: {
      title: 'Sprechen aus jedem Programm',
      hint: 'Erst den Knopf drücken, dann die Tasten. Die Rücktaste entfernt das Kürzel.',
    },
    singleKeys: {
      title: 'Einzelne Tasten',
      hint: 'M für stumm und dergleichen, solange kein Textfeld den Fokus hat.',
    },
  },
};

export const settingsDeFormal: PartialCatalogue<SettingsCatalogue> = {
  talk: {
    language: { title: 'Sprache, die Sie sprechen' },
    mode: {
      title: 'Wie Sie sprechen',
      hint: 'Freihändig hört zu, solange das Gespräch offen ist. Sonst hört es zu, solange Sie die Taste halten.',
    },
    sounds: { hint: 'Leise Töne, wenn es zuhört, verstanden hat oder Sie braucht.' },
  },
  voice: { speakTyped: { hint: 'Spricht auch Antworten auf das, was Sie tippen.' } },
  appearance: {
    locale: { hint: 'Die Sprache, die Sie sprechen, steht unter Sprechen.' },
    germanAddress: { hint: 'Wie die deutschen Texte Sie ansprechen.' },
  },
};
