/**
 * The plain HTTP server that upload and download are measured against, run as a process of its own:
 * `PUT /NAME` stores a body, checks its SHA-256 (header `x-sha256`) and fsyncs before it answers; `GET /NAME?start=&end=` reads back.
 */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';

const folder = process.argv[2]!;

async function put(file: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const hash = createHash('sha256');
  const handle = await open(file, 'w');
  try {
    for await (const piece of request as AsyncIterable<Buffer>) {
      hash.update(piece);
      await handle.write(piece);
    }
    await handle.sync();
  } finally {
    await handle.close();
  }
  response.writeHead(hash.digest('hex') === request.headers['x-sha256'] ? 204 : 422).end();
}

const server = createServer({ highWaterMark: 2 ** 20 }, (request, response) => {
  const url = new URL(request.url!, 'http://localhost');
  const file = path.join(folder, path.basename(url.pathname));
  if (request.method === 'PUT') {
    put(file, request, response).catch((error: unknown) => response.writeHead(500).end(String(error)));
  } else {
    createReadStream(file, {
      start: Number(url.searchParams.get('start')),
      end: Number(url.searchParams.get('end')) - 1,
      highWaterMark: 2 ** 20,
    }).pipe(response);
  }
});
server.listen(0, '127.0.0.1', () => console.log((server.address() as AddressInfo).port));
