import { handsErrorsDe } from './hands-errors-de.ts';
import { phoneErrorsDe } from './phone-errors-de.ts';

/**
 * German sentences for the codes of the core's errors and notices; English ones come with the error itself. Each says what happened and what to do, in
 * the infinitive, so that it suits "du" and "Sie" alike. `{{…}}` are the error's details; sizes (`…Bytes`) are written out. A sentence may only use
 * details that come with every error of its code.
 */
export const errorsDe: Readonly<Record<string, string>> = {
  ...handsErrorsDe,
  ...phoneErrorsDe,
  'bridge.lost': 'Die Verbindung zu OpenClaw wurde unterbrochen. Sie kommt von selbst wieder; dann noch einmal versuchen.',
  'internal.unexpected': 'Etwas Unerwartetes ist schiefgegangen. Bitte noch einmal versuchen; Näheres steht im Protokoll.',
  'desktop.absent': 'Hier gibt es keine Oberfläche, die einen Verweis öffnen könnte. Den eigenen Browser dafür nehmen.',

  'request.aborted': 'Die Anfrage wurde abgebrochen.',
  'request.bad-input': 'Diese Eingabe passt nicht. Bitte prüfen und noch einmal versuchen.',
  'request.refused': 'Das darf nur die Seite von OpenClaw Desktop selbst verlangen.',
  'request.person-only': 'Das ändert nur ein Mensch am Fenster.',
  'request.too-many': 'Zu viele Anfragen auf einmal. Einen Moment warten.',
  'request.unknown-call': 'Die Seite ist älter als das Programm. Bitte neu laden.',

  'agent.empty-question': 'Es gab nichts zu beantworten. Eine Frage sprechen oder schreiben.',
  'recognition.model-damaged': 'Eine Datei des Modells zum Zuhören ist beschädigt. Auf der Seite Modelle löschen und neu laden.',
  'recognition.model-missing': 'Eine Datei des Modells zum Zuhören fehlt. Auf der Seite Modelle neu laden.',
  'recognition.not-loaded': 'Das Zuhören ist noch nicht bereit. Gleich noch einmal versuchen.',
  'recognition.unknown-language':
    'Kein installiertes Modell versteht die Sprache „{{language}}“. Eine andere wählen oder ein Modell dafür laden.',

  'core.already-running':
    'OpenClaw läuft bereits mit dem Datenordner {{folder}}. „openclaw show“ holt das Fenster nach vorn, „openclaw link“ öffnet die Seite, „openclaw quit“ beendet es; ein zweites braucht mit OPENCLAW_DATA_DIR einen anderen Ordner.',

  'config.bad-value': 'Dieser Wert ist für die Einstellung nicht erlaubt. Einen anderen wählen.',
  'config.bad-values': 'Einige Einstellungen waren unbrauchbar und stehen wieder auf dem Standard: {{keys}}. Bitte neu setzen.',
  'config.damaged':
    'Die Datei mit den Einstellungen war beschädigt und liegt nun unter {{file}}. Alle Einstellungen stehen wieder auf dem Standard.',
  'config.newer-version':
    'Die Einstellungen stammen von einer neueren Fassung des Programms. Was diese versteht, gilt; der Rest bleibt erhalten.',
  'config.not-written': 'Die Einstellung ließ sich nicht in {{file}} speichern. Platz schaffen oder den Ordner beschreibbar machen.',
  'config.unknown-key': 'Diese Einstellung gibt es nicht. Sie lässt sich in den Einstellungen suchen.',
  'config.unreadable':
    'Die Datei {{file}} mit den Einstellungen ist nicht lesbar; es gelten die Standardwerte. Dem eigenen Benutzerkonto das Lesen erlauben.',

  'conversation.gone': 'Dieses Gespräch gibt es nicht mehr. Ein anderes wählen oder ein neues beginnen.',
  'turn.no-message': 'Diese Nachricht gibt es nicht mehr.',
  'turn.no-voice': 'Es kann nichts gesprochen werden, weil die Stimme aus ist. Erst den runden Knopf drücken.',
  'turn.nothing-to-repeat': 'In diesem Gespräch gibt es noch keine Frage. Erst eine stellen.',

  'language.broken':
    'Das Sprachmodell ist mehrmals ausgefallen und wurde abgeschaltet. Es neu starten oder auf der Seite Modelle ein anderes wählen.',
  'language.bad-address': 'Das ist nicht die Adresse eines Sprachmodell-Servers. Sie sieht etwa so aus: http://127.0.0.1:11434/v1.',
  'language.bad-answer': 'Was {{where}} geschickt hat, ist keine Antwort. Prüfen, ob die Adresse die eines Sprachmodell-Servers ist.',
  'language.busy': '{{where}} nimmt gerade keine Anfragen mehr an. Etwas warten und noch einmal fragen.',
  'language.crashed': 'Das Sprachmodell ist unerwartet stehen geblieben und startet neu. Bitte noch einmal fragen.',
  'language.cut-off': 'Die Verbindung zu {{where}} brach mitten in der Antwort ab. Bitte noch einmal fragen.',
  'language.failed': 'Das Sprachmodell ist gescheitert. Es auf der Seite Modelle neu laden oder ein anderes wählen.',
  'language.model-missing': '{{where}} hat kein Modell „{{model}}“. Es dort laden oder ein anderes wählen.',
  'language.not-its-own':
    '{{model}} wurde nicht für die Sprache gemacht, die hier gesprochen wird; die Antworten sind entsprechend schwach. Auf der Seite Modelle ein anderes wählen.',
  'language.not-ready': 'Das Sprachmodell ist noch nicht bereit. Einen Moment warten oder auf der Seite Modelle nachsehen.',
  'language.refused':
    '{{where}} hat die Anfrage abgelehnt (Fehler {{status}}). Vielleicht taugt das Modell nicht dafür; ein anderes wählen.',
  'language.server-error': '{{where}} ist mit Fehler {{status}} gescheitert. In dessen Protokoll nachsehen oder noch einmal fragen.',
  'language.timeout':
    '{{where}} hat {{seconds}} s lang nicht geantwortet. Vielleicht lädt das Modell noch; noch einmal versuchen oder ein kleineres wählen.',
  'language.too-long':
    'Der Text ist zu lang für das Sprachmodell ({{tokens}} von {{limit}} Tokens). Ihn kürzen oder ein Modell mit größerem Fenster wählen.',
  'language.unauthorized': '{{where}} hat den Schlüssel nicht angenommen. Auf der Seite Modelle einen gültigen eintragen.',
  'language.unreachable': 'Der Sprachmodell-Server {{where}} ist nicht erreichbar. Ihn starten oder die Adresse prüfen.',

  'speaker.not-opened':
    'Der Lautsprecher ließ sich nicht öffnen. Antworten werden geschrieben, nicht gesprochen. Einen anderen anschließen oder wählen und das Gespräch neu beginnen.',
  'microphone.denied': 'Das Mikrofon ist nicht erlaubt. Es in den Systemeinstellungen erlauben oder die Frage tippen.',
  'microphone.ended':
    'Das Mikrofon wurde abgezogen. Ein anderes wählen oder es wieder anschließen; was bis dahin gesagt wurde, ist erhalten.',
  'microphone.none': 'Es wurde kein Mikrofon gefunden. Eines anschließen oder die Frage tippen.',
  'microphone.stalled': 'Das Mikrofon sendet keinen Ton mehr. Ein anderes wählen oder es neu anschließen.',
  'recognition.broken':
    'Das Zuhören ist mehrmals ausgefallen und wurde abgeschaltet. Es neu starten oder auf der Seite Modelle eine andere Spracherkennung wählen.',
  'recognition.lost-words': 'Die Spracherkennung wurde neu gestartet. Die letzten Worte gingen dabei verloren; bitte wiederholen.',
  'synthesis.bad-model': 'Diese Stimme lässt sich nicht benutzen. Sie auf der Seite Modelle löschen und neu herunterladen.',
  'synthesis.broken':
    'Die Stimme ist mehrmals ausgefallen und wurde abgeschaltet. Sie neu starten oder auf der Seite Modelle eine andere wählen.',
  'synthesis.espeak-missing': 'Der Stimme fehlen die Aussprachedaten (espeak-ng). Sie auf der Seite Modelle herunterladen.',
  'synthesis.failed': 'Die Stimme konnte das nicht sprechen. Noch einmal versuchen oder in den Einstellungen eine andere wählen.',
  'synthesis.no-port': 'Zum Sprechen ist keine Leitung offen. Das Gespräch neu beginnen.',
  'synthesis.no-session': 'Zum Sprechen ist keine Leitung offen. Erst das Gespräch beginnen.',
  'synthesis.no-voice': 'Keine Stimme spricht „{{language}}“. Auf der Seite Modelle eine herunterladen.',
  'synthesis.not-loaded': 'Die Stimme ist noch nicht geladen. Gleich noch einmal versuchen.',
  'synthesis.restarted': 'Die Stimme wurde mitten im Satz neu gestartet und fängt ihn noch einmal an.',
  'synthesis.server-bad-sound':
    'Der Sprachserver unter {{where}} schickt keinen Klang (PCM, 16 Bit, 24 kHz). Einen mit der Sprachschnittstelle von OpenAI verwenden.',
  'synthesis.server-failed': 'Der Sprachserver unter {{where}} hat mitten im Satz abgebrochen. Ihn neu starten.',
  'synthesis.server-refused':
    'Der Sprachserver unter {{where}} spricht das nicht ({{status}}). Modell und Stimme in den Einstellungen prüfen.',
  'synthesis.server-remote':
    'Der Sprachserver unter {{where}} steht nicht auf diesem Rechner: Gesprochenes und Stimmproben würden ihn verlassen. In den Einstellungen erlauben oder einen eigenen nehmen.',
  'synthesis.server-silent': 'Der Sprachserver unter {{where}} hat {{seconds}} Sekunden lang nichts geschickt. Ihn neu starten.',
  'synthesis.server-unreachable':
    'Der Sprachserver unter {{where}} ist nicht erreichbar. Ihn starten, oder seine Adresse in den Einstellungen löschen.',

  'model.bad-import': '{{path}} lässt sich nicht übernehmen. Eine GGUF-Datei für Antworten oder eine ONNX-Datei für eine Stimme wählen.',
  'model.client-failed': 'Das Herunterladen von {{what}} ist gescheitert. Das Netz prüfen und noch einmal versuchen.',
  'model.connection-lost':
    'Die Verbindung brach nach {{receivedBytes}} von {{totalBytes}} ab. Neu starten: Es geht dort weiter, wo es stehen blieb.',
  'model.damaged-archive': '{{archive}} ist beschädigt angekommen. Noch einmal herunterladen.',
  'model.disk-full':
    'In {{folder}} ist zu wenig Platz: {{neededBytes}} werden gebraucht, {{freeBytes}} sind frei. Platz schaffen und noch einmal starten.',
  'model.does-not-fit': 'Für dieses Modell hat dieser Rechner zu wenig Speicher. Ein kleineres wählen.',
  'model.in-use': '{{name}} ist in Gebrauch. Für die Aufgabe ein anderes wählen und es dann löschen.',
  'model.manifest-damaged': 'Die Liste der Modelle ist beschädigt. OpenClaw neu installieren.',
  'model.missing': '{{name}} ist nicht vollständig da. Auf der Seite Modelle herunterladen.',
  'model.moved': '{{name}} liegt nicht mehr dort, wo es übernommen wurde ({{path}}). Die Datei zurücklegen oder neu übernehmen.',
  'model.no-client': 'Ohne {{program}} lässt sich dieses Modell hier nicht holen. Es installieren und noch einmal versuchen.',
  'model.no-network': '{{what}} ist nicht zu erreichen. Das Netz prüfen und noch einmal versuchen.',
  'model.not-writable': 'Der Ordner {{folder}} ist nicht beschreibbar. Seine Rechte berichtigen.',
  'model.path-needed': 'Den vollen Pfad der Datei eintippen: Eine Seite im Browser kann keinen Dateidialog dieses Rechners zeigen.',
  'model.source-refused':
    'Der Server antwortete {{httpStatus}}. Vielleicht ist die Datei umgezogen: OpenClaw aktualisieren oder die Datei vom eigenen Datenträger übernehmen.',
  'model.truncated': '{{what}} ist unvollständig: {{actualBytes}} statt {{expectedBytes}}. Noch einmal herunterladen.',
  'model.unknown': 'Dieses Modell kennt OpenClaw nicht. Die Seite Modelle neu öffnen.',
  'model.unknown-pack': 'Dieses Modellpaket gibt es nicht.',
  'model.unverifiable':
    '{{what}} wird abgelehnt: Sein Server nennt keine Prüfsumme. Wer ihm traut, lädt es selbst herunter und übernimmt es als Datei.',
  'model.wrong-hash':
    '{{what}} ist nicht die erwartete Datei und wurde verworfen. Noch einmal herunterladen; bleibt es dabei, ist der Quelle nicht zu trauen.',
  'model.wrong-platform': '{{name}} läuft auf diesem System nicht. Ein anderes wählen.',

  'secrets.file-damaged':
    'Die Datei mit den Schlüsseln der Dienste war beschädigt und liegt nun unter {{file}}. Die Schlüssel neu eintragen.',
  'secrets.file-unreadable':
    'Die Datei {{file}} mit den Schlüsseln der Dienste ist nicht lesbar. Dem eigenen Benutzerkonto das Lesen erlauben und neu starten; sie bleibt, wie sie ist.',
  'secrets.file-protection':
    'Dieser Rechner hat keinen Schlüsselbund. Der Schlüssel der Gespräche liegt in einer Datei, die nur das eigene Benutzerkonto lesen kann.',
  'secrets.key-damaged':
    'Die Schlüsseldatei {{file}} ist beschädigt. keys.json aus einer Sicherung des Datenordners zurücklegen; die Gespräche bleiben bis dahin, wie sie sind.',
  'secrets.key-file-open': 'Andere Benutzer dieses Rechners konnten die Schlüsseldatei lesen.',
  'secrets.key-file-unreadable':
    'Die Schlüsseldatei {{file}} ist nicht lesbar. Dem eigenen Benutzerkonto das Lesen erlauben und neu starten; nichts wurde verändert.',
  'secrets.key-file-restored':
    'Die Schlüsseldatei fehlte oder war beschädigt; ihre Kopie ist an ihre Stelle getreten. Nichts ging verloren.',
  'secrets.key-locked':
    'Die Schlüssel der Gespräche liegen im Schlüsselbund des Systems, der gerade nicht zu benutzen ist. Ihn entsperren und OpenClaw neu starten; nichts wurde verändert.',
  'secrets.key-missing':
    'Das wurde mit einem Schlüssel verschlüsselt, der nicht in keys.json steht. Die zugehörige keys.json zurücklegen; nichts wurde verändert.',
  'secrets.key-unreadable':
    'Der Schlüsselbund des Systems gibt die Schlüssel der Gespräche nicht heraus. Ihn entsperren oder sich als der Benutzer anmelden, der sie angelegt hat; nichts wurde verändert.',
  'secrets.not-written': 'Der Schlüssel ließ sich nicht in {{file}} speichern. Platz schaffen oder den Ordner beschreibbar machen.',
  'secrets.tampered': 'Etwas Gespeichertes wurde von außen verändert und nicht geöffnet. Eine Sicherung einspielen.',

  'store.backup-failed': 'Die Gespräche ließen sich nicht sichern. Den freien Platz auf dem Datenträger prüfen.',
  'store.backup-unusable': 'Die Sicherung {{fileName}} ist beschädigt oder stammt von einer neueren Fassung. Eine andere wählen.',
  'store.busy': 'Ein anderes Programm hält die Gespräche fest. Andere Fenster von OpenClaw schließen und noch einmal versuchen.',
  'store.damaged':
    'Die Gespräche sind auf dem Datenträger beschädigt. Die beschädigte Datei wird aufbewahrt; die letzte Sicherung lässt sich einspielen.',
  'store.disk-full':
    'Der Datenträger ist voll: Die letzte Nachricht ließ sich nicht speichern. Platz schaffen; es wird von selbst wieder versucht.',
  'store.draft-gone':
    'Die Kopie der Sicherung war weg, bevor sie verwendet werden konnte. Nichts wurde verändert; die Sicherung noch einmal einspielen.',
  'store.foreign-file': 'Am Platz der Gespräche liegt die Datei eines anderen Programms. Sie wegräumen und neu starten.',
  'store.io-error':
    'Der Datenträger nimmt die Daten nicht an oder gibt sie nicht her. Ihn und seinen freien Platz prüfen und noch einmal versuchen.',
  'store.key-missing':
    'Die Gespräche wurden mit einem Schlüssel verschlüsselt, der nicht in keys.json steht. Die zugehörige keys.json zurücklegen; nichts wurde verändert.',
  'store.migration-failed': 'Die Gespräche ließen sich nicht auf den neuen Stand bringen. Nichts wurde verändert.',
  'store.missing': 'Die Datei der Gespräche war weg, obwohl es Sicherungen von ihr gibt. Die letzte Sicherung lässt sich einspielen.',
  'store.newer-schema':
    'Die Gespräche stammen von einer neueren Fassung des Programms. Diese wieder installieren oder eine Sicherung von vorher einspielen; nichts wurde verändert.',
  'store.no-backup': 'Diese Sicherung gibt es nicht mehr. Eine andere wählen.',
  'store.no-conversation': 'Dieses Gespräch gibt es nicht mehr. Ein anderes wählen oder ein neues beginnen.',
  'store.no-message': 'Diese Nachricht gibt es nicht mehr.',
  'store.not-lasting': 'Die Gespräche lassen sich gerade nicht auf dem Datenträger halten. Sie gehen mit dem Ende des Programms verloren.',
  'store.not-reopened':
    'Die Sicherung ließ sich nicht einsetzen und der Stand davor nicht wieder öffnen. Verloren ist nichts: den Datenträger prüfen und das Programm neu starten.',
  'store.not-writable':
    'Der Datenordner ist nicht beschreibbar; Gespräche werden nicht gespeichert. Dem eigenen Benutzerkonto das Schreiben erlauben.',
  'store.old-sqlite':
    'Die Datenbank hat einen Fehler, der Gespräche beschädigen kann. Die Einrichtung noch einmal laufen lassen (npm start).',
  'store.tampered': 'Ein gespeicherter Text wurde von außen verändert und nicht geöffnet. Eine Sicherung einspielen.',
  'store.task-failed': 'Die Arbeit an der Datei der Gespräche endete vorzeitig. Noch einmal versuchen.',

  'character.unknown-file':
    'Diese Datei ist weder ein Bild noch ein 3D-Modell (VRM, GLB) noch eine gespeicherte Figur. Eine solche Datei wählen.',
  'face.no-desktop': 'Hier gibt es keine Arbeitsoberfläche für ein kleines Fenster. OpenClaw am Rechner selbst öffnen.',
  'upload.failed': 'Die Datei ließ sich nicht übergeben. Noch einmal versuchen; bleibt es dabei, eine kleinere Datei wählen.',

  'shortcut.invalid': 'Das kennt dieses System nicht als Tastenkürzel. In den Einstellungen andere Tasten wählen.',
  'shortcut.taken': 'Dieses Tastenkürzel gehört einem anderen Programm. In den Einstellungen andere Tasten wählen.',
  'shortcut.wayland':
    'Diese Oberfläche (Wayland) gibt Programmen keine Kürzel. In ihren eigenen Einstellungen eines auf „openclaw talk“ legen.',
  'window.page-lost': 'Das Fenster ist abgestürzt und wurde neu geöffnet. Gespräche gingen dabei nicht verloren.',
  'window.unresponsive': 'Das Fenster hat eine Weile nicht reagiert.',

  'worker.broken':
    'Ein Teil ist innerhalb einer Minute dreimal ausgefallen und startet nicht mehr von selbst. Ihn neu starten oder die Untersuchung laufen lassen.',
  'worker.crashed': 'Ein Teil ist bei der Arbeit ausgefallen und startet von selbst neu. Noch einmal versuchen.',
  'worker.launch-failed': 'Ein Teil ließ sich nicht starten. OpenClaw neu starten oder die Untersuchung laufen lassen.',
  'worker.prepare-failed': 'Ein Teil ließ sich nicht vorbereiten. Auf der Seite Modelle nachsehen, ob alles da ist.',
  'worker.start-timeout': 'Ein Teil brauchte zu lange zum Starten. Noch einmal versuchen.',
  'worker.timeout': 'Ein Teil hat zu lange nicht geantwortet. Noch einmal versuchen.',

  'character.unknown': 'Die Figur „{{id}}“ gibt es nicht. Sie wurde vielleicht gelöscht; die Liste zeigt, wer da ist.',
  'character.shipped': '{{name}} gehört zum Programm und lässt sich nicht ändern. Eine Kopie anlegen und die ändern.',
  'character.unreadable': 'Die Figur im Ordner „{{id}}“ ist nicht lesbar. Die Dateien bleiben, wie sie sind.',
  'character.newer-version':
    'Die Figur „{{id}}“ stammt aus einer neueren Version (Format {{version}}). Das Programm aktualisieren; die Dateien bleiben, wie sie sind.',
  'character.id-taken': 'Eine Figur „{{id}}“ gibt es schon. Erst diese löschen oder umbenennen.',
  'character.not-in-bin': 'Die Figur „{{id}}“ liegt nicht mehr im Papierkorb: dort bleibt sie 30 Tage.',
  'character.bad-path': '„{{path}}“ ist kein Name einer Figur oder einer ihrer Dateien.',
  'character.file-missing': 'Die Datei „{{file}}“ der Figur „{{id}}“ ist nicht mehr da. Die Figur neu anlegen oder importieren.',
  'character.no-consent':
    'Eine Stimme darf nur verwendet werden, wenn der Mensch, dem sie gehört, zugestimmt hat. Erst fragen, dann das Häkchen setzen.',
  'character.disk-full':
    'Die Festplatte ist voll: die Figur wurde nicht gespeichert, verloren ist nichts. Platz schaffen und noch einmal versuchen.',
  'character.not-saved': 'Die Figur ließ sich in {{folder}} nicht speichern. Den Ordner beschreibbar machen und noch einmal versuchen.',
  'character.bad-archive':
    'Diese Datei lässt sich nicht als Figur importieren: beschädigt, unvollständig oder keine Figurendatei. Eine andere wählen.',
  'character.bad-model': 'Dieses 3D-Modell ist nicht verwendbar: gebraucht wird eine ganze GLB- oder VRM-Datei mit allem darin.',
  'character.storage-unreachable':
    'Der Speicher für Figuren unter {{where}} ist nicht erreichbar. Die Figuren auf diesem Rechner gehen weiter, verloren ist nichts. Adresse und Netz prüfen.',
  'character.storage-refused':
    'Der Speicher für Figuren unter {{where}} hat abgelehnt ({{status}}). Bucket, Zugangsschlüssel und geheimen Schlüssel in den Einstellungen prüfen.',

  'images.none': 'Kein Bildgenerator ist eingerichtet. In den Einstellungen unter Figuren einen wählen oder ein eigenes Bild nehmen.',
  'images.bad-address':
    'Die Adresse des Bildgenerators ist nicht verwendbar. In den Einstellungen berichtigen, etwa http://127.0.0.1:7860.',
  'images.remote':
    'Der Bildgenerator unter {{where}} steht nicht auf diesem Rechner: die Worte würden ihn verlassen. In den Einstellungen erlauben oder einen eigenen nehmen.',
  'images.unreachable': 'Der Bildgenerator unter {{where}} ist nicht erreichbar. Ihn starten und noch einmal versuchen.',
  'images.timeout':
    'Der Bildgenerator unter {{where}} wurde in {{seconds}} s nicht fertig. Weniger Bilder verlangen oder ein kleineres Modell nehmen.',
  'images.refused': 'Der Bildgenerator unter {{where}} hat abgelehnt ({{status}}). Modell, Schlüssel und sein eigenes Fenster prüfen.',
  'images.bad-answer': 'Der Bildgenerator unter {{where}} hat kein Bild geschickt. In seinem eigenen Fenster nachsehen.',

  'film.bad-address':
    'Die Adresse des Gesichts-Servers ist nicht verwendbar. In den Einstellungen berichtigen, etwa http://127.0.0.1:8930.',
  'film.remote':
    'Der Gesichts-Server unter {{where}} steht nicht auf diesem Rechner: Bild und Stimme würden ihn verlassen. In den Einstellungen erlauben oder einen eigenen nehmen.',
  'film.unreachable': 'Der Gesichts-Server unter {{where}} ist nicht erreichbar. Ihn starten und noch einmal versuchen.',
  'film.unauthorized': 'Der Gesichts-Server unter {{where}} hat das Kennwort abgelehnt. Das eingeben, mit dem er gestartet wurde.',
  'film.busy': 'Der Gesichts-Server unter {{where}} nimmt gerade keine Arbeit mehr an. Etwas warten und noch einmal versuchen.',
  'film.refused': 'Der Gesichts-Server unter {{where}} hat abgelehnt ({{status}}). In seinem eigenen Fenster nachsehen.',
  'film.timeout':
    'Der Gesichts-Server unter {{where}} kam {{seconds}} s lang nicht voran. Einen kürzeren Text oder ein kleineres Modell versuchen.',
  'film.failed': 'Der Gesichts-Server unter {{where}} konnte den Clip nicht machen. In seinem eigenen Fenster steht, warum.',
  'film.bad-answer': 'Der Gesichts-Server unter {{where}} hat keinen Clip geschickt. In seinem eigenen Fenster nachsehen.',
  'film.no-renderer': '{{name}} wird im Programm selbst gezeichnet. Den Clip hier aufnehmen.',
  'recording.no-codec': 'Dieser Browser kann kein Video schreiben. Im Programm selbst aufnehmen oder in einem aktuellen Chrome oder Edge.',
  'recording.body-failed': 'Das Gesicht ließ sich nicht bis zum Ende zeichnen, deshalb gibt es keinen Clip. Noch einmal versuchen.',
  'recording.no-clip': 'Der fertige Clip kam nicht an. Ihn noch einmal machen.',
  'recording.no-face':
    'Auf der Bühne bewegt sich kein Gesicht, also gibt es nichts aufzunehmen. Es aus seinem kleinen Fenster zurückholen oder eine andere Figur nehmen.',
  'recording.no-picture':
    'Das Gesicht wurde während der Aufnahme nicht gezeichnet, deshalb gibt es keinen Clip. Es auf der Bühne sehen lassen und noch einmal aufnehmen.',
  'recording.no-sample': 'Die Stimme für den Clip kam nicht an. Noch einmal versuchen.',
  'face.no-webgl': 'Dieses Fenster kann nicht mit WebGL zeichnen. Das Porträt steht still.',
  'face.context-lost':
    'Das Grafiksystem hat das bewegte Gesicht weggenommen. Noch einmal versuchen oder schließen, was die Grafikkarte sonst noch nutzt.',
  'face.model-unreadable':
    'Dieses 3D-Modell lässt sich nicht zeigen. Es als VRM 1.0 oder GLB mit Gesichtsformen (ARKit oder Viseme), ohne Kompression und mit allem in einer Datei neu exportieren.',

  'picture.empty': 'Diese Datei ist leer. Ein anderes Bild wählen.',
  'picture.unknown-format':
    'Diese Datei ist kein Bild, das sich hier lesen lässt. Eine Datei in JPEG, PNG, WebP, AVIF, GIF oder BMP wählen.',
  'picture.svg': 'Zeichnungen in SVG können Programme enthalten und werden nicht geöffnet. Als PNG speichern und das wählen.',
  'picture.heic':
    'Bilder in HEIC lassen sich hier nicht lesen. Als JPEG speichern (auf dem iPhone: Einstellungen, Kamera, Formate, Maximale Kompatibilität) und das wählen.',
  'picture.damaged': 'Dieses Bild ist beschädigt oder abgeschnitten. Neu speichern oder kopieren, oder ein anderes wählen.',
  'picture.too-large':
    'Dieses Bild hat {{width}} × {{height}} Pixel, mehr als in den Speicher passt. Verkleinern: 4000 × 4000 sind reichlich.',
  'picture.too-small': 'Dieses Bild hat nur {{width}} × {{height}} Pixel. Eines wählen, auf dem das Gesicht zu sehen ist.',
  'picture.too-heavy': 'Diese Datei ist größer als 128 MB. Das Bild als JPEG speichern und das wählen.',
  'face.no-gpu':
    'LivePortrait braucht eine NVIDIA-Grafikkarte mit CUDA 12 oder neuer, und hier lässt sich keine nutzen. {{name}} wird als bewegtes Bild gezeichnet.',
  'face.weights-missing':
    'LivePortrait ist nicht installiert. Auf der Seite Modelle laden; bis dahin wird {{name}} als bewegtes Bild gezeichnet.',
  'face.weights-wrong':
    'Eine Datei von LivePortrait ist nicht, was sie sein sollte. Auf der Seite Modelle reparieren; bis dahin wird {{name}} als bewegtes Bild gezeichnet.',
  'face.out-of-memory':
    'Die Grafikkarte hat zu wenig freien Speicher für LivePortrait. Schließen, was sie sonst noch nutzt; {{name}} wird als bewegtes Bild gezeichnet.',
  'face.live-stopped':
    'LivePortrait malt nicht mehr. {{name}} wird als bewegtes Bild gezeichnet; ein Wechsel der Figur versucht es von neuem.',
  'face.none':
    'In diesem Bild wurde kein Gesicht gefunden. Die Marken für Augen, Mund und Kinn von Hand setzen oder ein anderes Bild wählen.',
  'face.anchors-unusable':
    'Diese Marken liegen für ein Gesicht zu nah beieinander. Je eine auf beide Augen, beide Mundwinkel, Ober- und Unterlippe und das Kinn setzen.',
  'face.not-loaded': 'Der Blick auf Bilder ist noch nicht vorbereitet. Gleich noch einmal versuchen.',

  'upload.too-large': 'Die Datei ist zu groß: höchstens {{limitBytes}}. Eine kleinere wählen.',
  'upload.empty': 'Die Datei ist leer. Eine andere wählen.',
  'upload.too-many': 'Mehrere Dateien sind schon unterwegs. Auf sie warten, dann noch einmal versuchen.',
  'upload.gone': 'Die Datei ist nicht mehr da: sie bleibt eine Stunde. Noch einmal wählen.',
  'upload.disk-full': 'Die Festplatte ist fast voll: die Datei wurde nicht angenommen. Platz schaffen und noch einmal versuchen.',
  'upload.cut-off': 'Die Datei kam nicht ganz an. Noch einmal versuchen.',
  'request.bad-method': 'Diese Adresse wird anders gefragt. Bitte die Seite neu laden.',
  'request.not-found': 'Hier ist nichts.',
  'voice.cannot-clone':
    'Keine installierte Stimme kann eine andere nachahmen. Die ähnlichste spricht; die Aufnahme bleibt für eine, die es kann.',
  'voice.no-sample': 'Diese Stimme braucht eine Stimmprobe, um zu sprechen. Der Figur eine geben.',
  'voice.sample-clipped': 'Die Aufnahme ist übersteuert und knistert. Vom Mikrofon abrücken und neu aufnehmen.',
  'voice.sample-damaged': 'Die Aufnahme ist nicht lesbar: sie ist leer, beschädigt oder keine WAV-Datei. Neu aufnehmen.',
  'voice.sample-format':
    'Die Aufnahme hat das Format {{format}}. Eine Stimmprobe muss eine WAV-Datei (PCM) sein: umwandeln oder neu aufnehmen.',
  'voice.sample-silent': 'In der Aufnahme ist nichts zu hören. Das Mikrofon prüfen und neu aufnehmen.',
  'voice.sample-too-long': 'Die Aufnahme dauert {{minutes}} Minuten. Zehn bis dreißig Sekunden deutlicher Sprache herausschneiden.',
  'voice.sample-too-short': 'In der Aufnahme sind nur {{seconds}} Sekunden Sprache. Fünf bis zwanzig Sekunden sprechen.',
};
