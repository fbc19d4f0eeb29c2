import { once } from 'node:events';
import http from 'node:http';
import https from 'node:https';
import type { AddressInfo } from 'node:net';

/** What to do to answers whose request's path matches: other bytes of another length, an end in the middle, or other bytes. */
export type Tampering = { readonly path: RegExp; readonly how: 'other' | 'cut' | 'flip'; readonly with?: string };

/** A proxy in front of a server that tampers with answers while told to. */
export type TamperingProxy = { readonly address: string; tamper(tampering: Tampering | undefined): void; close(): Promise<void> };

/** Starts one on a free port; answers are passed on whole, so it is for small ones. */
export async function startTamperingProxy(target: string): Promise<TamperingProxy> {
  let tampering: Tampering | undefined;
  const server = http.createServer((request, response) => {
    const { protocol, hostname, port, host } = new URL(target);
    const forward = (protocol === 'https:' ? https : http).request(
      { hostname, port, method: request.method, path: request.url, headers: { ...request.headers, host } },
      (answer) => void pass(answer, response, tampering?.path.test(request.url ?? '') === true ? tampering : undefined),
    );
    forward.on('error', () => response.destroy());
    request.pipe(forward);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    tamper: (next) => void (tampering = next),
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

async function pass(answer: http.IncomingMessage, response: http.ServerResponse, tampering: Tampering | undefined): Promise<void> {
  const pieces: Uint8Array[] = [];
  for await (const piece of answer) pieces.push(piece as Uint8Array);
  const bytes = Buffer.concat(pieces);
  const { 'transfer-encoding': _encoding, ...headers } = answer.headers;
  const sent = tampering?.how === 'other' ? Buffer.from(tampering.with ?? '') : bytes;
  if (tampering?.how === 'flip') bytes[bytes.length - 1]! ^= 1;
  response.writeHead(answer.statusCode ?? 500, { ...headers, 'content-length': String(sent.length) });
  if (tampering?.how === 'cut') response.write(sent.subarray(0, sent.length / 2), () => response.destroy());
  else response.end(sent);
}
