import { createHash } from 'node:crypto';
import http, { type IncomingMessage, type ServerResponse } from 'node:http';
import https from 'node:https';
import type { AddressInfo, Socket } from 'node:net';

/** A request as a service behind NGINX got it. */
export type Echo = {
  readonly server: string;
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly bodyBytes: number;
  readonly digest: string;
};

/** What a request is answered with instead of its echo. */
export type EchoHandler = (request: IncomingMessage, response: ServerResponse) => void | Promise<void>;

/** A small upstream that answers what it was asked. */
export type EchoServer = {
  readonly name: string;
  readonly address: string;
  /** Requests whose heads have arrived. */
  readonly seen: { readonly method: string; readonly url: string }[];
  /** Takes requests before the echo does; `undefined` gives them back. */
  handler: EchoHandler | undefined;
  /** Takes connections over after a request to upgrade. */
  upgrade: ((request: IncomingMessage, socket: Socket) => void) | undefined;
  close(): Promise<void>;
};

/** Starts one on a free port, or on `port`; with a certificate, in PEM, it speaks TLS. */
export async function startEchoServer(
  name: string,
  port = 0,
  shown?: { readonly cert: string; readonly key: string },
): Promise<EchoServer> {
  const echo: EchoServer = {
    name,
    address: '',
    seen: [],
    handler: undefined,
    upgrade: undefined,
    close: async () => {
      const closed = new Promise<void>((resolve) => void server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
    },
  };
  const listener = (request: IncomingMessage, response: ServerResponse): void => {
    echo.seen.push({ method: request.method ?? '', url: request.url ?? '' });
    void Promise.resolve((echo.handler ?? answerEcho(name))(request, response)).catch(() => response.destroy());
  };
  const settings = { requestTimeout: 0, keepAliveTimeout: 65_000 };
  const server = shown === undefined ? http.createServer(settings, listener) : https.createServer({ ...settings, ...shown }, listener);
  server.on('upgrade', (request: IncomingMessage, socket: Socket) => {
    socket.on('error', () => {});
    if (echo.upgrade === undefined) socket.destroy();
    else echo.upgrade(request, socket);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(port, '127.0.0.1', resolve);
  });
  return Object.assign(echo, { address: `127.0.0.1:${(server.address() as AddressInfo).port}` });
}

function answerEcho(name: string): EchoHandler {
  return async (request, response) => {
    const hash = createHash('sha256');
    let bodyBytes = 0;
    for await (const piece of request as AsyncIterable<Buffer>) {
      bodyBytes += piece.length;
      hash.update(piece);
    }
    const echo: Echo = {
      server: name,
      method: request.method ?? '',
      url: request.url ?? '',
      headers: request.headers as Echo['headers'],
      bodyBytes,
      digest: hash.digest('hex'),
    };
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(echo));
  };
}
