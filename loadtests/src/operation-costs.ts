import { loadParts } from './part-name.ts';
import type { StressStep } from './find-knee.ts';
import type { StretchUsage } from './usage-between.ts';

/** What one thing that somebody does costs: CPU milliseconds of each part. */
export type OperationCost = {
  readonly operation: string;
  readonly operations: number;
  readonly cpuMs: Readonly<Record<string, number>>;
};

/** Of each workload that ran alone, beyond what the target used while nobody did anything. */
export function operationCosts(steps: readonly StressStep[], idle: StretchUsage | undefined): readonly OperationCost[] {
  return steps.flatMap(({ name, operations, operationsPerSecond, usage }) => {
    if (usage === undefined || operations === 0) return [];
    const parts = Object.entries(usage.cores).filter(([part]) => !loadParts.includes(part));
    const cpuMs = parts.map(([part, cores]) => {
      const more = Math.max(0, cores - (idle?.cores[part] ?? 0));
      return [part, Number(((more * 1000) / operationsPerSecond).toFixed(3))] as const;
    });
    return [{ operation: name, operations, cpuMs: Object.fromEntries(cpuMs.filter(([, ms]) => ms > 0)) }];
  });
}
