import type { CatalogueOf } from './catalogue.ts';
import type { plansEn, planTextsEn } from './plans-en.ts';

export const plansDe: CatalogueOf<typeof plansEn> = {
  'run-command': '{{command}} ausführen',
  'read-file': '{{file}} lesen',
  'write-file': '{{file}} schreiben ({{sizeBytes}})',
  'replace-file': '{{file}} ersetzen ({{sizeBytes}})',
  'append-file': 'An {{file}} anhängen ({{sizeBytes}})',
  'list-folder': 'In {{folder}} nachsehen',
  'list-workspace': 'Im Arbeitsordner nachsehen',
  'search-folder': 'In {{folder}} nach „{{words}}“ suchen',
  'search-workspace': 'Im Arbeitsordner nach „{{words}}“ suchen',
  'load-page': '{{address}} laden',
  'read-clipboard': 'Die Zwischenablage lesen',
  'write-clipboard': '„{{text}}“ kopieren',
  'open-link': '{{address}} öffnen',
  notify: 'Hinweis zeigen: {{title}}',
  'set-timer': 'Timer: {{durationMs}}',
  'set-named-timer': 'Timer: {{durationMs}} ({{name}})',
  'remind-in': 'Erinnerung: {{text}} (in {{durationMs}})',
  'remind-at': 'Erinnerung: {{text}} ({{time}})',
  'list-timers': 'Timer und Erinnerungen ansehen',
  'cancel-timer': 'Einen Timer löschen',
  'cancel-named-timer': 'Einen Timer löschen: {{text}}',
  calculate: '{{expression}} ausrechnen',
  'look-at-clock': 'Auf die Uhr sehen',
  'look-up-place': 'Den eingetragenen Ort nachsehen',
  'look-at-disk': 'Den freien Speicherplatz nachsehen',
  'read-page': 'Die gezeigte Seite lesen',
  'call-number': '{{who}} anrufen: {{purpose}}',
  'call-yourself': '{{who}} anrufen, um selbst zu sprechen',
  'hang-up': 'Auflegen',
  'search-tools': 'Werkzeuge suchen: {{words}}',
  'use-tool': '„{{tool}}“ von {{server}} benutzen',
};

export const planTextsDe: CatalogueOf<typeof planTextsEn> = {
  'read-only': 'Liest den Ordner, ändert nichts',
  'read-write': 'Darf Dateien im Ordner ändern',
  none: 'Keins',
  workspace: 'Der Arbeitsordner',
};
