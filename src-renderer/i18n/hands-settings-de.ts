import type { CatalogueOf } from './catalogue.ts';
import type { handsSettingsEn } from './hands-settings-en.ts';

export const handsSettingsDe: CatalogueOf<typeof handsSettingsEn> = {
  tools: {
    workspace: { title: 'Arbeitsordner', hint: 'Der einzige Ordner, den Werkzeuge sehen. Leer: OpenClaw im persönlichen Ordner.' },
    allowedHosts: {
      title: 'Erlaubte Adressen',
      hint: 'Rechner, die Werkzeuge erreichen dürfen, je Zeile einer. *.example.org gilt für alles darunter. Leer: keiner.',
    },
    approvalSeconds: { title: 'Wie lange eine Frage wartet', hint: 'Schweigen zählt als Nein.' },
    place: { title: 'Wohnort', hint: 'Für Fragen nach hier, etwa der Uhrzeit. Er wird nirgends nachgeschlagen.' },
  },
  killswitch: {
    shortcut: {
      title: 'Alles stoppen aus jedem Programm',
      hint: 'Erst den Knopf drücken, dann die Tasten. Die Rücktaste entfernt das Kürzel.',
    },
    button: {
      title: 'Knopf auf dem Tisch',
      hint: 'hid:VVVV:PPPP, serial:PFAD oder file:PFAD. Geht der Knopf verloren, stoppt auch das alles. Leer: keiner.',
    },
    heartbeatSeconds: { title: 'Stoppen, wenn das Programm nicht antwortet, nach', hint: 'Von außerhalb des Programms bewacht. 0: nie.' },
    memoryPercent: { title: 'Stoppen, wenn mehr Speicher belegt ist als', hint: 'Von allem, was der Rechner hat. 0: nie.' },
    cpuSeconds: {
      title: 'Stoppen, wenn ein Prozessor ohne Pause beschäftigt ist, nach',
      hint: 'Durch das Programm oder ein Werkzeug. 0: nie.',
    },
    toolCallsPerMinute: { title: 'Stoppen bei mehr Aufrufen von Werkzeugen als', hint: 'In einer Minute. 0: nie.' },
    tokensPerMinute: { title: 'Stoppen bei mehr Wörtern des Modells als', hint: 'In Token gezählt, in einer Minute. 0: nie.' },
    errorsPerMinute: { title: 'Stoppen bei mehr Fehlern als', hint: 'In einer Minute. 0: nie.' },
  },
};
