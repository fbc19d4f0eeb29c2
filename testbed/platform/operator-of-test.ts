import { createOperator, type Operator, type OperatorOptions } from '@driftbox/operator';
import { createLogger } from '@driftbox/service-kit';
import { Registry } from 'prom-client';
import type { CellOfTest } from './cell-of-test.ts';
import type { ClusterOfTest } from './cluster-of-test.ts';

/** Starts an operator that looks after the resources of this test alone, and reaches its cell. */
export function startOperator(
  cluster: ClusterOfTest,
  cell: CellOfTest | undefined,
  { registry = new Registry(), making }: { readonly registry?: Registry; readonly making?: OperatorOptions['making'] } = {},
): Operator {
  const operator = createOperator({
    access: cluster.newAccess(),
    electionAccess: cluster.newAccess(),
    namespace: cluster.namespace,
    name: 'test',
    workers: 4,
    rate: { perSecond: 500, burst: 500 },
    log: createLogger({ service: 'operator', level: 'silent' }),
    registry,
    only: cluster.only,
    making,
    // Whatever cell of this test is asked for: the same services stand for it.
    openCell: async (name) => cell?.door ?? { waitsFor: `nothing stands for Cell ${name}` },
  });
  void operator.start();
  return operator;
}
