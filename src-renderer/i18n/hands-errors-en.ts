/**
 * English sentences for errors whose details are names of the contract: the core writes `write-files` where people say "changes files". All other
 * errors bring their English sentence with them.
 */
export const handsErrorsEn: Readonly<Record<string, string>> = {
  'policy.right': 'It asks first because of what it may do then: {{right}}.',
  'policy.tainted': 'It asks because of what it may do then: {{right}}.',
  'policy.outside-asker': 'It asks because this came from outside ({{channel}}), and because of what it may do then: {{right}}.',
  'policy.not-for-outside': 'This came from outside ({{channel}}), and from there this is not allowed: {{right}}.',
  'policy.absent': 'It asks because nobody was here when this was wanted, and because of what it may do then: {{right}}.',
};
