import { createServer, connect, type AddressInfo, type Socket } from 'node:net';
import { once } from 'node:events';

/** Bytes and connections that passed, counted on the wire. */
export type WireMeter = {
  /** The address that clients use instead of the server's. */
  readonly address: string;
  /** Bytes in both directions since the last `reset`, and the HTTP requests seen in them. */
  count(): { readonly upBytes: number; readonly downBytes: number; readonly requests: number };
  reset(): void;
  close(): Promise<void>;
};

/** A TCP relay on loopback that counts what goes through it to `target` (an `http://host:port`). */
export async function startWireMeter(target: string): Promise<WireMeter> {
  const { hostname, port } = new URL(target);
  let upBytes = 0;
  let downBytes = 0;
  let requests = 0;
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    const upstream = connect(Number(port), hostname);
    const countRequests = requestCounter();
    for (const [from, to, isUp] of [
      [client, upstream, true],
      [upstream, client, false],
    ] as const) {
      sockets.add(from);
      from.on('data', (piece) => {
        if (isUp) {
          upBytes += piece.length;
          requests += countRequests(piece);
        } else downBytes += piece.length;
      });
      from.on('error', () => to.destroy());
      from.on('close', () => sockets.delete(from));
      from.pipe(to);
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    count: () => ({ upBytes, downBytes, requests }),
    reset: () => void ((upBytes = 0), (downBytes = 0), (requests = 0)),
    close: async () => {
      const closed = once(server, 'close');
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

/** Counts request lines (RFC 9112 §3) in a stream of pieces: one may begin in a piece and end in the next. */
function requestCounter(): (piece: Buffer) => number {
  const requestLine = /(?:GET|HEAD|POST|PUT|PATCH|DELETE) \/[!-~]* HTTP\/1\.1\r\n/g;
  const longest = 2048;
  let tail = '';
  return (piece) => {
    const text = tail + piece.toString('latin1');
    let end = 0;
    let count = 0;
    for (const match of text.matchAll(requestLine)) {
      count += 1;
      end = match.index + match[0].length;
    }
    tail = text.slice(Math.max(end, text.length - longest));
    return count;
  };
}
