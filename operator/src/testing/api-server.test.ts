import { createApi } from '../runtime/api/create-api.ts';
import { accessTo } from './access-to.ts';
import { apiContract } from './api-contract.ts';
import { startApiServer } from './api-server.ts';
import { configMapKind } from './config-map.ts';

apiContract("the tests' own API server", async () => {
  const server = await startApiServer();
  const access = accessTo(server.url);
  return {
    api: createApi({ access, userAgent: 'test' }),
    namespace: 'test',
    forget: async () => {
      server.store.compact();
      return { kind: configMapKind, resourceVersion: '1' };
    },
    async [Symbol.asyncDispose]() {
      access.close();
      await server.close();
    },
  };
});
