import { handsSettingsEn } from './hands-settings-en.ts';
import { phoneSettingsEn } from './phone-en.ts';

/** Words of each setting, by its key: `title`, `hint` (what a change does), and `choices` for those that have some. */
export const settingsEn = {
  ...handsSettingsEn,
  ...phoneSettingsEn,
  title: 'Settings',
  searchLabel: 'Search settings',
  fold: 'Advanced',
  resetNamed: 'Set “{{title}}” back to the default',
  systemChoice: 'Chosen by the system',
  absentDevice: '{{name}} (not connected)',
  hearNamed: 'Hear the voice',
  pressKeys: 'Press the keys now',
  noKeys: 'None',
  secrets: { s3SecretKey: 'Secret key', generatorKey: 'Key of the image generator', filmServerToken: 'Token of the face server' },
  units: { days: 'days', tokens: 'tokens', seconds: 'seconds', minutes: 'minutes', 'per min': 'per minute' },
  subjects: {
    talk: 'Talking',
    voice: 'Voice',
    languageModel: 'Answers',
    characters: 'Characters',
    tools: 'Tools',
    phone: 'Phone',
    appearance: 'Appearance',
    privacy: 'Privacy',
    shortcuts: 'Keys',
    advanced: 'Advanced',
  },
  backups: {
    title: 'Backups',
    hint: 'Conversations and the call log as they were; recordings of calls are not in it. Restoring one sets the present ones aside.',
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
    serverAddress: {
      title: 'Speech server',
      hint: 'For Qwen3-TTS and others, such as http://127.0.0.1:8091/v1. What is spoken is sent there.',
    },
    serverModel: { title: 'Model of the speech server', hint: '“Base” copies voices, “VoiceDesign” makes them from words.' },
    serverVoice: { title: 'Voice of the speech server', hint: 'One of its own; empty takes its choice.' },
    serverRemote: {
      title: 'Speech server on another computer',
      hint: 'Allows an address elsewhere. What is spoken and samples of voices then leave this computer.',
    },
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
  character: {
    current: { title: 'Character of new sessions', hint: 'The name of its folder. The Characters screen changes it.' },
    storage: {
      title: 'Where new characters are kept',
      hint: 'Those of this computer are shown in any case.',
      choices: { disk: 'This computer', s3: 'An S3 bucket' },
    },
    s3Endpoint: { title: 'Address of the S3 server', hint: 'MinIO or another of its kind. Empty means Amazon.' },
    s3Bucket: { title: 'Bucket', hint: 'A path behind a slash is put in front of every name.' },
    s3Region: { title: 'Region', hint: 'Own servers take any.' },
    s3AccessKey: { title: 'Access key', hint: 'Its secret key is kept with the other keys.' },
    generator: {
      title: 'Image generator',
      hint: 'Paints portraits from a few words.',
      choices: { none: 'None', openai: 'OpenAI-compatible server', automatic1111: 'AUTOMATIC1111', comfyui: 'ComfyUI' },
    },
    generatorUrl: { title: 'Address of the image generator', hint: 'Empty means its usual one on this computer.' },
    generatorModel: { title: 'Model of the image generator', hint: 'Empty leaves the choice to it.' },
    generatorRemote: {
      title: 'Image generator on another computer',
      hint: 'Allows an address elsewhere. The words for a picture then leave this computer.',
    },
    filmServerUrl: { title: 'Address of the face server', hint: 'A program of yours that makes clips with SadTalker or Wav2Lip.' },
    filmServerRemote: {
      title: 'Face server on another computer',
      hint: 'Allows an address elsewhere. Portrait and voice then leave this computer.',
    },
  },
  appearance: {
    faceWindowShape: {
      title: 'Shape of the small window',
      hint: 'How the face looks in its own window on top of everything.',
      choices: { portrait: 'Portrait', round: 'Round' },
    },
    faceWindowClickThrough: {
      title: 'Let clicks through the small window',
      hint: 'What lies below can be used. Close the window from the stage or the tray.',
    },
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
    redactionPatterns: {
      title: 'Own patterns for secrets',
      hint: 'What they match is taken out of logs, results and what the model reads. One regular expression a line.',
    },
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
