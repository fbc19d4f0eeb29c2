import type { Rule } from './rule.ts';
import * as containers from './rules/containers.ts';
import { objects } from './rules/objects.ts';
import * as pods from './rules/pods.ts';
import * as references from './rules/references.ts';
import * as selections from './rules/selections.ts';

/** Everything that holds for what the charts render: the checks that kube-linter is known for, and some of our own. */
export const rules: readonly Rule[] = [
  objects,
  ...Object.values(containers),
  ...Object.values(pods),
  ...Object.values(selections),
  ...Object.values(references),
];
