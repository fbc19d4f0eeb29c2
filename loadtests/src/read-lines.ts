import type { Acknowledged } from '../k6/plan.ts';

/** What k6's console said: acknowledged uploads, and failures by how often they were told. */
export function readLines(lines: readonly string[]): { readonly acknowledged: Acknowledged[]; readonly failures: Map<string, number> } {
  const acknowledged: Acknowledged[] = [];
  const failures = new Map<string, number>();
  for (const line of lines) {
    if (line.startsWith('{')) acknowledged.push(JSON.parse(line) as Acknowledged);
    else failures.set(line, (failures.get(line) ?? 0) + 1);
  }
  return { acknowledged, failures };
}
