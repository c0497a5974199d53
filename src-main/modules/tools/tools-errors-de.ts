import type { ErrorData } from '../../base/errors.ts';

/** Spoken German for what tools refuse or report; the window has its own catalogue. `{name}` is filled from the details. */
const sentences: Readonly<Record<string, string>> = {
  'policy.off': 'Du hast dieses Werkzeug ausgeschaltet.',
  'policy.owner-asks': 'Du möchtest gefragt werden, bevor dieses Werkzeug benutzt wird.',
  'policy.right': 'Das braucht erst dein Wort (Recht: {right}).',
  'policy.tainted': 'Das wurde verlangt, nachdem Text von außen gelesen war (Recht: {right}).',
  'policy.outside-asker': 'Das wurde von außen verlangt ({channel}; Recht: {right}).',
  'policy.not-for-outside': 'Das wurde von außen verlangt ({channel}); von dort ist es nicht erlaubt (Recht: {right}).',
  'policy.absent': 'Als das verlangt wurde, war niemand da (Recht: {right}).',
  'policy.high-risk': 'Dieses Werkzeug kann Schaden anrichten, der schwer zurückzunehmen ist.',
  'policy.tool-asks': 'Das Werkzeug selbst bittet um dein Wort.',
  'tools.unknown': 'Ein Werkzeug namens {tool} gibt es nicht.',
  'tools.bad-input': 'Die Angaben passen nicht zu dem Werkzeug: {problem}',
  'tools.off': 'Dieses Werkzeug ist in den Einstellungen ausgeschaltet.',
  'tools.repeats': 'Derselbe Aufruf kam {count}-mal in einer Antwort; er wurde nicht noch einmal ausgeführt.',
  'tools.too-many': 'Mehr als {count} Aufrufe in einer Antwort; der Rest wurde nicht ausgeführt.',
  'tools.budget': 'Diese Antwort hat verbraucht, was sie an Werkzeugen benutzen darf.',
  'tools.not-recorded':
    'Der Aufruf konnte nicht aufgezeichnet werden und wurde deshalb nicht ausgeführt. Prüfe Festplatte und Datenordner.',
  'tools.too-long-to-show':
    'Das ist zu lang, um es dir vor deiner Entscheidung ganz zu zeigen (höchstens {limit} Zeichen), und wurde deshalb nicht getan. Verlange es in kleineren Teilen.',
  'tools.hidden-characters': 'Es enthält Zeichen, die niemand sieht; sie werden als Codes gezeigt.',
  'tools.timeout': 'Das Werkzeug wurde nach {seconds} Sekunden beendet, weil es nicht fertig war.',
  'tools.cancelled': 'Es wurde abgebrochen.',
  'tools.interrupted': 'Es wurde beendet, weil du gesprochen hast.',
  'tools.failed': 'Das Werkzeug ist gescheitert: {problem}',
  'tools.app-ended':
    'Die App wurde beendet, während das lief. Was bis dahin getan war, ist nicht aufgezeichnet; sieh nach, bevor du es noch einmal verlangst.',
  'tools.no-call': 'Dieser Aufruf ist nicht mehr bekannt.',
  'tools.no-undo': 'Das lässt sich nicht zurücknehmen.',
  'tools.undo-changed': 'Die Datei wurde seitdem geändert; das Zurücknehmen würde die Änderung zerstören. Sieh dir die Datei selbst an.',
  'tools.no-docker':
    'Befehle laufen in einem verschlossenen Raum, der Docker braucht, und Docker wurde nicht gefunden. Installiere und starte Docker; alle anderen Werkzeuge gehen.',
  'tools.no-desktop': 'Das braucht einen Desktop, und die App läuft hier ohne.',
  'tools.no-workspace': 'Der Arbeitsordner {folder} ist nicht benutzbar. Wähle in den Einstellungen einen anderen.',
  'tools.bad-workspace':
    'Der Ordner {folder} darf nicht der Arbeitsordner sein: In ihm liegt mehr, als der Assistent sehen darf. Wähle oder mache einen eigenen Ordner.',
  'tools.outside-workspace': 'Der Pfad {path} führt aus dem Arbeitsordner hinaus. Nur Dateien im Arbeitsordner sind erlaubt.',
  'tools.protected-file': 'Die Datei {path} kann Schlüssel oder Kennwörter enthalten und wird nie geöffnet.',
  'tools.no-file': 'Eine Datei {path} gibt es im Arbeitsordner nicht.',
  'tools.not-a-file': '{path} ist keine gewöhnliche Datei.',
  'tools.not-a-folder': '{path} ist kein Ordner.',
  'tools.file-too-large': '{path} ist zu groß, um auf einmal gelesen zu werden ({sizeBytes} Bytes).',
  'tools.binary-file': '{path} ist keine Textdatei.',
  'tools.file-exists': 'Die Datei {path} gibt es schon. Sag, dass sie ersetzt werden soll, oder wähle einen anderen Namen.',
  'tools.host-not-allowed':
    'Die Adresse {host} steht nicht auf der Liste der erlaubten Adressen. Füge sie in den Einstellungen unter Werkzeuge hinzu.',
  'tools.private-address': 'Der Name {host} führt in diesen Rechner oder sein Netz; dorthin dürfen Werkzeuge nicht.',
  'tools.bad-address': 'Die Adresse {url} ist nicht benutzbar: nur http und https, ohne Benutzernamen.',
  'tools.web-failed': 'Die Seite {host} konnte nicht geladen werden: {problem}',
  'tools.web-too-large': 'Die Antwort von {host} ist größer als {limit} Bytes.',
  'tools.no-secret': 'Hier gibt es keinen Tresor, aus dem {{secret:…}} gefüllt werden könnte.',
  'tools.secret-needs-tls': 'Ein Geheimnis geht nie über http an {host}, wo es unterwegs jeder lesen kann. Benutze https.',
  'tools.bad-expression': 'Das lässt sich nicht ausrechnen: {problem}',
  'tools.no-place': 'Es ist kein Ort eingetragen. Schreibe ihn in die Einstellungen unter Werkzeuge.',
  'tools.no-page': 'Zurzeit ist keine Seite geteilt.',
  'tools.no-timer': 'So einen Timer gibt es nicht.',
  'tools.bad-time': 'Die Zeit {time} ist nicht benutzbar: Sie muss in der Zukunft liegen, höchstens ein Jahr voraus.',
  'approval.gone': 'Die Frage wurde schon beantwortet, oder ihre Zeit ist abgelaufen.',
  'approval.refused': 'Du hast Nein gesagt.',
  'approval.expired': 'Niemand hat rechtzeitig geantwortet; das zählt als Nein.',
  'approval.person-only': 'Diese Frage beantwortet nur ein Mensch am Fenster.',
  'approval.not-rememberable': 'Dieses Ja lässt sich nicht merken: Sag es jedes Mal.',
  'killswitch.engaged': 'Alles wurde gestoppt; es wurde nichts getan.',
  'sandbox.no-docker': 'Docker wurde auf diesem Rechner nicht gefunden, deshalb laufen keine Befehle.',
  'sandbox.not-answering': 'Docker antwortet nicht. Starte Docker und versuche es noch einmal.',
  'sandbox.no-image': 'Der Raum, in dem Befehle laufen, ist nicht gebaut.',
  'sandbox.image-changed': 'Der Raum, in dem Befehle laufen, ist nicht der hier gebaute; deshalb läuft nichts darin.',
  'sandbox.refused': 'Der verschlossene Raum lehnt das ab.',
  'sandbox.disk-full': 'Die Festplatte ist voll.',
  'sandbox.failed': 'Der verschlossene Raum konnte das nicht ausführen.',
};

const RIGHTS: Readonly<Record<string, string>> = {
  'read-files': 'Dateien lesen',
  'write-files': 'Dateien ändern',
  'run-command': 'Befehle ausführen',
  network: 'Netz',
  clipboard: 'Zwischenablage',
  open: 'etwas öffnen',
  notify: 'Hinweise zeigen',
  schedule: 'etwas vormerken',
  send: 'etwas senden',
  'call-out': 'anrufen',
  'write-memory': 'sich etwas merken',
  connector: 'andere Programme',
};

/** The reason in German; undefined = there are no words for it, or a blank would stay open. */
export function germanReason({ code, details }: ErrorData): string | undefined {
  const sentence = sentences[code]?.replaceAll(/\{([a-zA-Z]+)\}/g, (blank, name: string) => {
    const value = details[name];
    return value === undefined ? blank : (RIGHTS[String(value)] ?? String(value));
  });
  // What is filled in may be a problem in English words: a half-English sentence is worse than a short one.
  return sentence === undefined || 'problem' in details || /\{[a-zA-Z]+\}/.test(sentence) ? undefined : sentence;
}
