import { apiContract } from './api-contract.ts';
import { configMapKind } from './config-map.ts';
import { serveApi } from './serve-api.ts';

apiContract("the tests' own API server", async () => {
  const { server, api, close } = await serveApi();
  return {
    api,
    namespace: 'test',
    forget: async () => {
      server.store.compact();
      return { kind: configMapKind, resourceVersion: '1' };
    },
    [Symbol.asyncDispose]: close,
  };
});
