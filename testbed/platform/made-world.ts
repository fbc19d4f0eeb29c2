import { createS3Bucket } from '@driftbox/chunk-store';
import { temporaryFolder, testComponent } from '@driftbox/testkit';
import { catalogueOfTest } from './catalogue-of-test.ts';
import { openCell, type CellOfTest } from './cell-of-test.ts';
import { openCluster, type ClusterOfTest } from './cluster-of-test.ts';
import { startOperator } from './operator-of-test.ts';
import { startScriptedNode } from './scripted-node.ts';

/**
 * Everything at once beside a real API server: an operator that brings pools and cells about with the real Helm, what stands for nodes,
 * a real bucket, and real services that stand for whatever cell there is.
 */
export type MadeWorld = AsyncDisposable & {
  readonly cluster: ClusterOfTest;
  /** Its Cell is paused until the test applies it. */
  readonly cell: CellOfTest;
  /** Names the StoragePool that the Cell wants, which is not there yet. */
  readonly pool: string;
  /** Of it: a bucket that is there. */
  readonly poolSpec: object;
  /** Ends the operator, until `startAgain`. */
  stopOperator(): Promise<void>;
  startAgain(): void;
};

/** Opens one; for files whose suffixes are `.k8s.s3`. */
export async function openMadeWorld(): Promise<MadeWorld> {
  const cluster = await openCluster();
  const pool = `bucket-${cluster.namespace}`;
  const cell = await openCell(cluster, { pools: [pool] });
  const folder = await temporaryFolder();
  const { endpoint, accessKey, secretKey } = testComponent('s3');
  await createS3Bucket({ ...testComponent('s3'), bucket: cluster.namespace });
  await cluster.applySecret('s3', { accessKey, secretKey });
  const making = await catalogueOfTest(folder.path);
  let operator = startOperator(cluster, cell, { making });
  const node = startScriptedNode(cluster);
  return {
    cluster,
    cell,
    pool,
    poolSpec: { external: { endpoint, bucket: cluster.namespace, credentialsSecret: 's3' } },
    stopOperator: () => operator.stop(),
    startAgain: () => void (operator = startOperator(cluster, cell, { making })),
    async [Symbol.asyncDispose]() {
      await operator.stop();
      await node[Symbol.asyncDispose]();
      await folder[Symbol.asyncDispose]();
      await cell[Symbol.asyncDispose]();
      await cluster[Symbol.asyncDispose]();
    },
  };
}
