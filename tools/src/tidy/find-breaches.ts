import type { NamedBreach } from './breach.ts';
import type { Repository } from './repository.ts';
import { rules } from './rules.ts';

/** Every breach of every rule. */
export function findBreaches(repository: Repository): NamedBreach[] {
  return rules.flatMap((rule) => rule.check(repository).map((breach) => ({ ...breach, rule: rule.name })));
}
