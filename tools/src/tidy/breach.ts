import type { Repository } from './repository.ts';

/** One place where a rule does not hold. `message` says what is wrong and what to do instead. */
export type Breach = { readonly path: string; readonly line: number; readonly message: string };

/** A rule of the house that a machine can see. */
export type Rule = {
  /** Kebab-case; printed with every breach. */
  readonly name: string;
  readonly check: (repository: Repository) => Breach[];
};

/** A breach together with the rule it breaks, as it is printed. */
export type NamedBreach = Breach & { readonly rule: string };
