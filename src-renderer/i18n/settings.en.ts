/** Words of each setting, by its key: `title`, `hint` (what a change does), and `choices` for those that have some. */
export const settingsEn = {
  title: 'Settings',
  searchLabel: 'Search settings',
  advanced: 'Advanced',
  resetNamed: 'Set “{{title}}” back to the default',
  systemChoice: 'Chosen by the system',
  absentDevice: '{{name}} (not connected)',
  hearNamed: 'Hear the voice',
  pressKeys: 'Press the keys now',
  noKeys: 'None',
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
  },
  voice: {
    voice: { title: 'Voice', hint: 'Automatic takes the best one for the language.', choices: { auto: 'Automatic' } },
    speed: { title: 'Speed', hint: 'How fast it speaks.' },
    speaker: { title: 'Loudspeaker', hint: 'Takes effect at once.' },
    volume: { title: 'Volume', hint: 'Of the voice and the cues.' },
    speakTyped: { title: 'Read typed answers aloud', hint: 'Also speaks answers to what you type.' },
  },
  appearance: {
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
  shortcuts: {
    singleKeys: {
      title: 'Single keys',
      hint: 'M for mute and the like, while no text field has the focus.',
    },
  },
};
