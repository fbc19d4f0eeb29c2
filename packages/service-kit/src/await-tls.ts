import net from 'node:net';
import tls from 'node:tls';
import { NotReady } from './readiness.ts';

/** A service that is called by TLS, and where the version before this one answered instead, without. */
export type AwaitedService = { readonly host: string; readonly port: number; readonly plainPort: number };

const answerMs = 1_000;

/**
 * For `ready` of who calls others by TLS alone, while a version that cannot speak it is being replaced: throws as long as one of these
 * answers without TLS only. One that answers by neither keeps nobody from serving what needs no other, and one that has answered by TLS
 * is not asked again.
 */
export function awaitTls(services: readonly AwaitedService[], authority: string | undefined): () => Promise<void> {
  const awaited = new Set(services);
  const look = async (service: AwaitedService): Promise<string | undefined> => {
    const { host, port, plainPort } = service;
    const [why, isPlain] = await Promise.all([tryTls(host, port, authority), connects(net.connect(plainPort, host), 'connect')]);
    if (why === undefined) awaited.delete(service);
    return why !== undefined && isPlain === undefined ? `${host}:${port} by TLS (${why})` : undefined;
  };
  return async () => {
    const missing = (await Promise.all([...awaited].map(look))).filter((one) => one !== undefined);
    if (missing.length > 0) throw new NotReady(missing, []);
  };
}

function tryTls(host: string, port: number, ca: string | undefined): Promise<string | undefined> {
  const servername = net.isIP(host) === 0 ? { servername: host } : {};
  return connects(tls.connect({ host, port, ...servername, ...(ca === undefined ? {} : { ca }) }), 'secureConnect');
}

/** Why a connection does not come about; undefined where it does. It is ended in either case. */
async function connects(socket: net.Socket, event: 'connect' | 'secureConnect'): Promise<string | undefined> {
  const { promise, resolve } = Promise.withResolvers<string | undefined>();
  socket.setTimeout(answerMs, () => resolve('no answer'));
  socket.once(event, () => resolve(undefined));
  socket.on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
  try {
    return await promise;
  } finally {
    socket.destroy();
  }
}
