/** What went wrong, by the core's error code: what happened, what it means, what to do. `{{details}}` come with the error. */
export const errorsEn = {
  internal: { unexpected: 'Something unexpected went wrong. Try again.' },
  bridge: {
    lost: 'The connection to OpenClaw was interrupted. It comes back by itself; try again then.',
  },
};
