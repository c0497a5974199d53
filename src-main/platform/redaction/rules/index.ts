import type { Rule } from '../rule.ts';
import { assignmentRules } from './assignments.ts';
import { cloudServiceRules } from './cloud-services.ts';
import { codeServiceRules } from './code-services.ts';
import { modelServiceRules } from './model-services.ts';
import { peopleServiceRules } from './people-services.ts';
import { privateKeyRules } from './private-keys.ts';
import { protocolRules } from './protocols.ts';

/** The surest first: where two rules find the same, the earlier one gives the name. */
export const rules: readonly Rule[] = [
  ...privateKeyRules,
  ...modelServiceRules,
  ...codeServiceRules,
  ...cloudServiceRules,
  ...peopleServiceRules,
  ...protocolRules,
  ...assignmentRules,
];
