/** Words of each setting, by its key: `title`, `hint` (what a change does), and `choices` for those that have some. */
export const settingsEn = {
  title: 'Settings',
  searchLabel: 'Search settings',
  fold: 'Advanced',
  resetNamed: 'Set “{{title}}” back to the default',
  systemChoice: 'Chosen by the system',
  absentDevice: '{{name}} (not connected)',
  hearNamed: 'Hear the voice',
  pressKeys: 'Press the keys now',
  noKeys: 'None',
  units: { days: 'days', tokens: 'tokens' },
  subjects: {
    talk: 'Talking',
    voice: 'Voice',
    languageModel: 'Answers',
    appearance: 'Appearance',
    privacy: 'Privacy',
    shortcuts: 'Keys',
    advanced: 'Advanced',
  },
  backups: {
    title: 'Backups',
    hint: 'Conversations as they were. Restoring one sets the present ones aside.',
    none: 'No backup yet. The first one is made by itself.',
    restore: 'Restore',
    restoreNamed: 'Restore the backup of {{when}}',
    confirmTitle: 'Restore the backup of {{when}}?',
    confirmText: 'The conversations of now are set aside, not deleted.',
  },
  doctor: {
    title: 'Check-up',
    hint: 'Looks at every part and says how to mend it.',
    run: 'Run the check-up',
    running: 'Checking',
    ok: 'All parts work.',
  },
  talk: {
    language: {
      title: 'Language you speak',
      hint: 'Automatic finds it out sentence by sentence. Answers come in the same language.',
      choices: { auto: 'Automatic' },
    },
    mode: {
      title: 'How you talk',
      hint: 'Hands-free listens while the session is open. Push to talk listens while you hold the key.',
      choices: { 'hands-free': 'Hands-free', 'push-to-talk': 'Push to talk' },
    },
    endOfTurn: {
      title: 'Patience',
      hint: 'How long it waits before it answers.',
      choices: { quick: 'Quick', normal: 'Normal', patient: 'Patient' },
    },
    interruption: {
      title: 'What may interrupt it',
      hint: 'While it speaks.',
      choices: { words: 'Any words', 'stop-words': 'Only “stop”', never: 'Nothing' },
    },
    sensitivity: { title: 'Threshold for speech', hint: 'Lower hears quiet voices, and more noise.' },
    microphone: { title: 'Microphone', hint: 'Takes effect at once.' },
    sounds: {
      title: 'Cues',
      hint: 'Soft sounds when it begins to listen, has understood, or needs you.',
      choices: { never: 'Never', 'by-day': 'From 7 to 22 o’clock', always: 'Always' },
    },
    echoCancellation: {
      title: 'Take out its own voice',
      hint: 'Keeps the loudspeaker’s sound out of the microphone. Turn it off only with headphones.',
    },
    noiseSuppression: { title: 'Dampen noise', hint: 'Fans, keyboards, traffic.' },
    autoGainControl: { title: 'Even out loudness', hint: 'Near and far voices become alike.' },
    recogniserOrder: {
      title: 'Order of the recognisers',
      hint: 'Ids of the Models page, separated by spaces. Each language takes the first that knows it.',
    },
  },
  voice: {
    voice: { title: 'Voice', hint: 'Automatic takes the best one for the language.', choices: { auto: 'Automatic' } },
    speed: { title: 'Speed', hint: 'How fast it speaks.' },
    speaker: { title: 'Loudspeaker', hint: 'Takes effect at once.' },
    volume: { title: 'Volume', hint: 'Of the voice and the cues.' },
    speakTyped: { title: 'Answer typed questions aloud', hint: 'Also speaks answers to what you type.' },
    order: {
      title: 'Order of the voices',
      hint: 'Ids of the Models page, separated by spaces. Each language takes the first that speaks it.',
    },
  },
  languageModel: {
    systemPrompt: {
      title: 'Instructions',
      hint: 'Replaces our own. {current_time}, {call_type}, {language} and {user_name} are filled in.',
    },
    userName: { title: 'Your name', hint: 'What it may call you.' },
    temperature: {
      title: 'Liveliness',
      hint: '0 always takes the likeliest word. Higher is livelier and less reliable. Very small models get a third of it.',
    },
    maxTokens: { title: 'Longest answer', hint: 'A token is about three quarters of a word.' },
    backend: {
      title: 'Where answers come from',
      hint: 'A model on this computer, a server of yours, or Claude.',
      choices: { local: 'This computer', 'openai-compatible': 'A server', claude: 'Claude' },
    },
    serverAddress: { title: 'Address of the server', hint: 'The default is that of Ollama on this computer.' },
    serverModel: { title: 'Model on the server', hint: 'Its name as the server lists it.' },
    claudeModel: { title: 'Claude model', hint: 'The default is the quickest.' },
    contextTokens: { title: 'Memory of a conversation', hint: 'More needs more memory.' },
    threads: { title: 'Processor threads', hint: '0 takes half of the cores. More than are free makes answers slow.' },
    gpu: { title: 'Use the graphics card', hint: 'As far as its memory goes.' },
    localOrder: {
      title: 'Order of the language models',
      hint: 'Ids of the Models page, separated by spaces. The first that is installed answers.',
    },
  },
  appearance: {
    closeToTray: {
      title: 'Stay when the window closes',
      hint: 'OpenClaw stays in the tray, ready for its shortcut. Otherwise closing ends it.',
    },
    locale: {
      title: 'Language of the window',
      hint: 'The language you speak is set under Talking.',
      choices: { system: 'As the computer', en: 'English', de: 'Deutsch' },
    },
    germanAddress: {
      title: 'German address',
      hint: 'How the German texts speak to you.',
      choices: { du: 'du', sie: 'Sie' },
    },
    theme: {
      title: 'Theme',
      hint: 'Ink is dark, paper is light.',
      choices: { system: 'As the computer', ink: 'Ink', paper: 'Paper' },
    },
    textSize: { title: 'Text size', hint: 'Of everything in the window.' },
    captions: { title: 'Captions', hint: 'Shows the words on the stage while they are spoken.' },
    motion: {
      title: 'Motion',
      hint: 'Reduced keeps the voice’s level and drops the rest.',
      choices: { system: 'As the computer', full: 'Full', reduced: 'Reduced' },
    },
  },
  privacy: {
    historyDays: {
      title: 'Forget old conversations',
      hint: 'After so many days without a new message they go to the bin, and 30 days later they are gone. 0 keeps them.',
    },
    backupCount: {
      title: 'Daily backups kept',
      hint: 'Encrypted like the conversations. Deleted conversations live on in them. 0 makes none.',
    },
  },
  advanced: {
    memoryGuard: {
      title: 'Refuse models that do not fit',
      hint: 'Neither downloads nor uses a model that needs more memory than is planned for it.',
    },
    logLevel: {
      title: 'Detail of the log',
      hint: 'No level writes what was said.',
      choices: { debug: 'Everything', info: 'Usual', warn: 'Warnings', error: 'Errors' },
    },
  },
  shortcuts: {
    pushToTalk: {
      title: 'Talk from any program',
      hint: 'Press the button, then the keys. Backspace removes the shortcut.',
    },
    singleKeys: {
      title: 'Single keys',
      hint: 'M for mute and the like, while no text field has the focus.',
    },
  },
};
