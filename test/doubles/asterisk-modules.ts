/** Modules as a running Asterisk lists them to whoever asks by ARI. */
export const runningModules = (...names: string[]): { name: string; status: string }[] =>
  names.map((name) => ({ name, status: 'Running' }));

/** Those of somebody's own Asterisk without which there is no control and no call; beside them it needs a way for the assistant's sound. */
export const neededModules = runningModules(
  'app_stasis.so',
  'res_ari_channels.so',
  'res_ari_bridges.so',
  'res_ari_events.so',
  'res_ari_recordings.so',
  'chan_pjsip.so',
);
