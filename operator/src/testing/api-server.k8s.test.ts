import { apiContract } from './api-contract.ts';
import { openRealWorld } from './real-cluster.ts';

apiContract('a real API server', async () => {
  const world = await openRealWorld();
  return {
    api: world.api,
    namespace: world.namespace,
    forgottenVersion: async () => '1',
    [Symbol.asyncDispose]: () => world[Symbol.asyncDispose](),
  };
});
