import type { Rule } from './breach.ts';
import { commandLines } from './rules/command-lines.ts';
import { cycles } from './rules/cycles.ts';
import { dependencies } from './rules/dependencies.ts';
import { dependencyBudget } from './rules/dependency-budget.ts';
import { doors } from './rules/doors.ts';
import { environment } from './rules/environment.ts';
import { layers } from './rules/layers.ts';
import { namedExports } from './rules/named-exports.ts';
import { fileNames } from './rules/names.ts';
import { outsideLibraries } from './rules/outside-libraries.ts';
import { purePackages } from './rules/pure-packages.ts';
import { readmes } from './rules/readmes.ts';
import { rims } from './rules/rims.ts';
import { runtimeAlone } from './rules/runtime-alone.ts';
import { serviceShape } from './rules/service-shape.ts';
import { sizes } from './rules/sizes.ts';
import { tests } from './rules/tests.ts';
import { sourceText } from './rules/text.ts';

/** All rules, in the order in which their breaches are printed. */
export const rules: readonly Rule[] = [
  layers,
  outsideLibraries,
  doors,
  cycles,
  dependencies,
  dependencyBudget,
  purePackages,
  serviceShape,
  runtimeAlone,
  environment,
  rims,
  commandLines,
  fileNames,
  namedExports,
  sizes,
  sourceText,
  tests,
  readmes,
];
