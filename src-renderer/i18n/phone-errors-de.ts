/** German sentences for what the telephone refuses or reports. As in errors-de.ts. */
export const phoneErrorsDe: Readonly<Record<string, string>> = {
  'phone.not-ready': 'Das Telefon läuft nicht. Es in den Einstellungen unter Telefon einrichten oder warten, bis es gestartet ist.',
  'phone.control-lost': 'Die Verbindung zur Telefonanlage ist weg. Sie wird von selbst wieder versucht.',
  'phone.engine-lost':
    'Die Telefonanlage ist mitten in einem Anruf stehen geblieben, und der Anruf ist abgebrochen. Zurückrufen, wenn etwas offen geblieben ist.',
  'phone.refused': 'Die Telefonanlage hat das abgelehnt ({{status}}): {{problem}}',
  'phone.no-call': 'Dieser Anruf ist zu Ende.',
  'phone.not-now': 'Das geht nicht, solange der Anruf so steht ({{state}}).',
  'phone.bad-number': '{{number}} ist keine Nummer, die sich anrufen lässt. Die Ziffern prüfen, und das Land in den Einstellungen.',
  'phone.emergency-refused':
    'Die Assistenz ruft nie Notrufnummern an. Im Notfall {{number}} selbst anrufen, von einem Telefon, das seinen Ort kennt.',
  'phone.emergency-transfer':
    'An Notrufnummern wird kein Anruf weitergegeben. Im Notfall {{number}} selbst anrufen, von einem Telefon, das seinen Ort kennt.',
  'phone.emergency-call':
    'In diesem Anruf ist eine Notrufzentrale ({{number}}): Er wird weder weitergegeben noch der Assistenz überlassen. Selbst am Telefon bleiben.',
  'phone.no-way-out':
    'Es gibt keinen Weg ins Telefonnetz. In den Einstellungen unter Telefon einen Anschluss anlegen und warten, bis er angemeldet ist.',
  'phone.busy-here': 'Es laufen so viele Anrufe, wie zugleich sein dürfen. Erst einen davon beenden.',
  'phone.limit':
    'Die Assistenz hat so viele Anrufe gemacht, wie sie in einer Stunde darf. Warten oder die Grenze in den Einstellungen unter Telefon ändern.',
  'phone.no-softphone':
    'Das Telefon dieses Fensters ist nicht verbunden, es wäre nichts zu hören. Einen Moment warten oder in die Einstellungen unter Telefon sehen.',
  'phone.no-sound-here':
    'Das eigene Telefon hat nicht abgehoben, der Anruf geht deshalb weiter wie bisher. Prüfen, ob das Mikrofon erlaubt ist, dann noch einmal versuchen.',
  'phone.no-assistant':
    'Die Assistenz kann in diesem Anruf nicht sprechen: ihr Ton kam nicht zustande. Noch einmal versuchen oder selbst sprechen.',
  'phone.one-way-sound': 'Vom anderen Ende kommt kein Ton. Er kann dort ausgeschaltet sein, oder eine Firewall hält ihn zurück.',
  'phone.no-microphone':
    'Das eigene Mikrofon bringt keinen Ton in den Anruf. Prüfen, ob es stummgeschaltet ist oder ein anderes Programm es benutzt.',
  'phone.sound-gaps': 'Der Ton hat Lücken: die Verbindung verliert oder verzögert ihn.',
  'phone.softphone-elsewhere': 'Eine andere offene Seite ist das Telefon. Es hierher holen oder dorthin gehen.',
  'phone.softphone-in-call': 'Auf einer anderen offenen Seite wird gerade telefoniert. Erst dort auflegen.',
  'phone.softphone-late':
    'Diese Seite hat sich nicht als Telefon angemeldet. Sie neu laden (das Fenster schließen und wieder öffnen) und noch einmal versuchen; npm run phone -- doctor sagt mehr.',
  'phone.softphone-absent':
    'Keine Seite auf diesem Rechner ist zum Telefon geworden: gesprochen wird dort, wo OpenClaw Desktop läuft. Die Seite dort unter 127.0.0.1 oder localhost öffnen und noch einmal versuchen.',
  'phone.softphone-unknown':
    'Das eigene Asterisk kennt kein Telefon 1000; das ist diese Seite. Die Zeilen für pjsip.conf aus „Wählplan zeigen“ dort eintragen, es neu laden und noch einmal versuchen.',
  'phone.softphone-remote':
    'Das eigene Asterisk ist nicht unter 127.0.0.1, und eine Seite spricht nur über eines auf diesem Rechner. Läuft es hier, es unter dieser Adresse verbinden; sonst spricht in Anrufen die Assistenz, nicht man selbst.',
  'phone.test-call-failed': 'Der Probeanruf kam nicht zustande: {{problem}} Noch einmal versuchen; npm run phone -- doctor sagt mehr.',
  'phone.test-call-silent':
    'Der Probeanruf kam zustande, aber ohne Ton. Eine Firewall auf diesem Rechner hält vielleicht zurück, was die Telefonanlage an 127.0.0.1 schickt: es erlauben, dann noch einmal versuchen.',
  'phone.transfer-failed': 'Unter {{number}} hat niemand abgehoben, der Anruf wurde deshalb nicht weitergegeben.',
  'phone.recording-failed':
    'Dieser Anruf wird nicht aufgenommen: Dem anderen Ende ließ es sich nicht sagen, oder der Ton ließ sich nicht schreiben.',
  'phone.recording-runs-on':
    'Die Aufnahme dieses Anrufs ließ sich nicht beenden. Sie läuft weiter, bis der Anruf endet, und wird dann verworfen. Auflegen, wenn nichts aufgenommen werden darf.',
  'phone.recordings-unknown':
    'Von welchen Aufnahmen das andere Ende nichts wusste, ist nicht zu lesen ({{file}}). Was vor diesem Start noch nicht aus der Telefonanlage geholt war, wird deshalb verworfen.',
  'phone.not-allowed': 'Programme dürfen das mit Anrufen nicht, nur der Mensch am Fenster.',
  'phone.bad-configuration': 'Asterisk nimmt diese Konfiguration nicht an: {{problem}}. Die vorige bleibt in Kraft.',
  'phone.no-trunk': 'Diesen Anschluss gibt es nicht mehr.',
  'phone.no-mobile': 'Dieses Telefon gibt es nicht mehr.',
  'phone.no-contact': 'Diesen Eintrag im Telefonbuch gibt es nicht mehr.',
  'phone.too-many-mobiles': 'Es gibt schon so viele Telefone, wie es geben kann. Erst eines entfernen.',
  'phone.unknown-contact': 'Im Telefonbuch steht niemand mit dem Namen {{name}}. Die Nummer sagen oder den Namen eintragen.',
  'phone.ambiguous-contact': '{{name}} passt auf mehrere Einträge im Telefonbuch: {{names}}. Sagen, wer gemeint ist.',
  'phone.no-pin': 'Es ist keine PIN gesetzt.',
  'phone.existing-refused': 'Das Asterisk unter {{url}} lässt diesen Benutzer nicht ein. Seine ari.conf und das Passwort prüfen.',
  'phone.existing-unreachable':
    'Das Asterisk unter {{url}} antwortet nicht. Die Adresse prüfen, und ob http.conf und ari.conf dort eingeschaltet sind.',
  'phone.trunk-rejected': 'Der Anbieter lehnt die Anmeldung von {{name}} ab. Benutzername und Passwort prüfen.',
  'phone.trunk-unreachable': 'Der Anbieter von {{name}} antwortet nicht. Den Namen des Servers und die Internetverbindung prüfen.',
  'phone.not-summarised': 'Das Sprachmodell hat von diesem Anruf keine Zusammenfassung geschrieben.',
  'phone.port-taken':
    'Port {{port}} ist schon belegt. Das Programm beenden, das ihn benutzt, oder in den Einstellungen unter Telefon einen anderen wählen.',
  'phone.no-docker':
    'Die Telefonanlage läuft in Docker, und Docker wurde auf diesem Rechner nicht gefunden. Docker installieren, starten und noch einmal versuchen, oder ein vorhandenes Asterisk verwenden.',
  'phone.docker-silent':
    'Docker antwortet nicht: {{problem}} Es starten und noch einmal versuchen, oder ein vorhandenes Asterisk verwenden.',
  'phone.disk-full':
    'Die Festplatte ist voll, die Telefonanlage ließ sich deshalb nicht bauen oder starten. Platz schaffen und noch einmal versuchen.',
  'phone.image-not-built': 'Die Telefonanlage ließ sich nicht bauen: {{problem}} Mit dem Internet verbinden und noch einmal versuchen.',
  'phone.exchange-not-started': 'Die Telefonanlage startet nicht: {{problem}}. Noch einmal versuchen; das Protokoll liegt in {{folder}}.',
  'phone.exchange-silent':
    'Die Telefonanlage läuft und ist auf diesem Rechner nicht zu erreichen. In Docker Desktop unter Resources, Network das „host networking“ einschalten; sonst npm run doctor ausführen.',
  'phone.restart-waits': 'Eine Änderung wartet auf das Ende der laufenden Anrufe: die Telefonanlage wird dann neu gestartet.',
  'phone.no-dongle-driver':
    'Dieses Asterisk hat keinen Treiber für GSM-Sticks (chan_dongle). Den Stick aus den Einstellungen nehmen oder ein eigenes Asterisk mit dem Treiber verwenden.',
  'phone.existing-too-old': 'Das Asterisk unter {{url}} hat Version {{version}}; nötig ist 20 oder neuer.',
  'phone.existing-lacks':
    'Dem Asterisk unter {{url}} fehlen {{modules}}. Diese Module in seiner modules.conf laden und noch einmal versuchen.',
  'phone.softphone-refused': 'Die Telefonanlage lässt dieses Fenster nicht als Telefon ein. Das Telefon aus- und wieder einschalten.',
  'phone.softphone-unreachable': 'Dieses Fenster erreicht die Telefonanlage nicht. Es wird von selbst wieder versucht.',
  'avr.bad-request': 'Diese Anfrage an die AVR-Schnittstelle ist anders, als sie sein soll.',
  'avr.port-taken':
    'Port {{port}} der AVR-Schnittstelle gehört einem anderen Programm. In den Einstellungen unter Telefon einen anderen wählen.',
  'avr.too-large': 'Diese Anfrage an die AVR-Schnittstelle ist zu groß.',
  'phone.file-damaged':
    'Die Datei mit Telefonbuch und Anschlüssen war beschädigt und liegt als {{file}} beiseite. Beides neu eingeben oder eine Kopie an ihre Stelle legen.',
  'phone.file-unreadable': 'Die Datei mit Telefonbuch und Anschlüssen ({{file}}) ist nicht lesbar. Sie lesbar machen und neu starten.',
  'phone.file-not-written':
    'Telefonbuch und Anschlüsse ließen sich nicht schreiben ({{file}}); alles ist wie vorher. Auf der Festplatte Platz schaffen.',
};
