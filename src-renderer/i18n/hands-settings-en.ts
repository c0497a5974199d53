/** Words of the settings about tools and the off-switch. */
export const handsSettingsEn = {
  tools: {
    workspace: { title: 'Workspace', hint: 'The only folder that tools can see. Empty: OpenClaw in the home folder.' },
    allowedHosts: {
      title: 'Allowed addresses',
      hint: 'Hosts that tools may reach, one a line. *.example.org covers what is below it. Empty: none.',
    },
    approvalSeconds: { title: 'How long a question waits', hint: 'Silence counts as no.' },
    place: { title: 'Where you live', hint: 'For questions about here, such as the time. It is looked up nowhere.' },
  },
  killswitch: {
    shortcut: { title: 'Stop everything from any program', hint: 'Press the button, then the keys. Backspace removes the shortcut.' },
    button: {
      title: 'Button on the desk',
      hint: 'hid:VVVV:PPPP, serial:PATH or file:PATH. Losing the button stops everything, too. Empty: none.',
    },
    heartbeatSeconds: { title: 'Stop when the app does not answer for', hint: 'Watched from outside of the app. 0: never.' },
    memoryPercent: { title: 'Stop when the app uses more memory than', hint: 'Of all that the computer has. 0: never.' },
    cpuSeconds: { title: 'Stop when a processor is busy without a pause for', hint: 'By the app or by a tool. 0: never.' },
    toolCallsPerMinute: { title: 'Stop beyond so many tool calls', hint: 'In one minute. 0: never.' },
    tokensPerMinute: { title: 'Stop beyond so many words of the model', hint: 'Counted in tokens, in one minute. 0: never.' },
    errorsPerMinute: { title: 'Stop beyond so many errors', hint: 'In one minute. 0: never.' },
  },
} as const;
