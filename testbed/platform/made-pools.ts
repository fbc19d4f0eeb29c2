import { createS3Bucket } from '@driftbox/chunk-store';
import { temporaryFolder, testComponent } from '@driftbox/testkit';
import { catalogueOfTest } from './catalogue-of-test.ts';
import { openCluster, type ClusterOfTest } from './cluster-of-test.ts';
import { startOperator } from './operator-of-test.ts';
import { startScriptedNode } from './scripted-node.ts';

/** An operator that brings pools and cells about, what stands for nodes, and a bucket called like the namespace; no services. */
export type MadePools = AsyncDisposable & { readonly cluster: ClusterOfTest };

/** Opens one; for files whose suffixes are `.k8s.s3`. */
export async function openMadePools(): Promise<MadePools> {
  const cluster = await openCluster();
  const folder = await temporaryFolder();
  await createS3Bucket({ ...testComponent('s3'), bucket: cluster.namespace });
  const operator = startOperator(cluster, undefined, { making: await catalogueOfTest(folder.path) });
  const node = startScriptedNode(cluster);
  return {
    cluster,
    async [Symbol.asyncDispose]() {
      await operator.stop();
      await node[Symbol.asyncDispose]();
      await folder[Symbol.asyncDispose]();
      await cluster[Symbol.asyncDispose]();
    },
  };
}
