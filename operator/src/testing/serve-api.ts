import { createApi } from '../runtime/api/create-api.ts';
import type { Api } from '../runtime/api/api.ts';
import { accessTo } from './access-to.ts';
import { startApiServer, type TestApiServer } from './api-server.ts';

/** The tests' own API server, and an api of it. */
export type ServedApi = {
  readonly server: TestApiServer;
  readonly api: Api;
  /** Ends both. */
  close(): Promise<void>;
};

/** Starts one with nothing in it. Close it, also after a failure. */
export async function serveApi(): Promise<ServedApi> {
  const server = await startApiServer();
  const access = accessTo(server.url);
  const close = async (): Promise<void> => {
    access.close();
    await server.close();
  };
  return { server, api: createApi({ access, userAgent: 'driftbox-test' }), close };
}
