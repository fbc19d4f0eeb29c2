import type { IncomingMessage, RequestListener } from 'node:http';
import { Readable } from 'node:stream';
import Koa from 'koa';
import type { Logger } from './logger.ts';
import type { Incoming, Outgoing } from './message.ts';
import type { Pipeline } from './pipeline.ts';
import { isByteStream } from './reply.ts';

const lingerBytes = 1 << 20;
const lingerMs = 500;

/** Lets a client that still sends finish what little is left, so that it gets to read the answer instead of a reset. */
function linger(request: IncomingMessage): Promise<void> {
  return new Promise((resolve) => {
    let left = lingerBytes;
    const done = (): void => {
      clearTimeout(timer);
      request.off('data', onData).off('end', done).off('close', done).pause();
      resolve();
    };
    const onData = (piece: Buffer): void => {
      left -= piece.length;
      if (left < 0) done();
    };
    const timer = setTimeout(done, lingerMs);
    request.on('data', onData).once('end', done).once('close', done);
  });
}

function incomingOf(ctx: Koa.Context, trusted: boolean): Incoming {
  const { req, res } = ctx;
  return {
    method: req.method ?? 'GET',
    url: req.url ?? '/',
    headers: req.headers as Record<string, string | undefined>,
    address: req.socket.remoteAddress ?? '',
    trusted,
    // Leaving the loop early must not destroy the socket that the answer goes out on.
    body: () => req.iterator({ destroyOnReturn: false }) as AsyncIterable<Uint8Array>,
    onGone(callback) {
      if (res.destroyed) callback();
      else
        res.once('close', () => {
          if (!res.writableFinished) callback();
        });
    },
  };
}

/** The pipeline behind a Koa application. `closing` says whether connections are to end after their answer. */
export function createKoaDoor(pipeline: Pipeline, options: { trusted: boolean; closing: () => boolean; log: Logger }): RequestListener {
  const app = new Koa();
  app.on('error', (error: NodeJS.ErrnoException) => {
    // Clients that leave in the middle of a stream are everyday life.
    if (error.code !== 'ERR_STREAM_PREMATURE_CLOSE' && error.code !== 'ECONNRESET' && error.code !== 'EPIPE')
      options.log.warn({ err: error }, 'answer failed');
  });
  app.use(async (ctx) => {
    const outgoing = await pipeline.answer(incomingOf(ctx, options.trusted));
    const { req } = ctx;
    if (outgoing.status >= 400 && !req.complete) await linger(req);
    if (options.closing() || !req.complete) outgoing.headers.connection = 'close';
    if (isByteStream(outgoing.body)) sendStream(ctx, outgoing, outgoing.body);
    else sendWhole(ctx, outgoing, outgoing.body);
  });
  const callback = app.callback();
  // Koa answers its own failures: this promise is never rejected.
  return (request, response) => void callback(request, response);
}

/** Bytes at hand leave in one write. Koa would look at each header and at the body again, which costs as much as all the rest. */
function sendWhole(ctx: Koa.Context, { status, headers }: Outgoing, body: string | Uint8Array | undefined): void {
  const { res } = ctx;
  ctx.respond = false;
  if (res.destroyed) return;
  const sizeBytes = body === undefined ? 0 : typeof body === 'string' ? Buffer.byteLength(body) : body.byteLength;
  const headless = status === 204 || status === 304;
  if (!headless) headers['content-length'] ??= String(sizeBytes);
  res.writeHead(status, headers);
  if (body === undefined || headless || ctx.method === 'HEAD') res.end();
  else res.end(body);
}

/** Koa pipes, ends the source when the client leaves, and keeps the response's length where the headers say it. */
function sendStream(ctx: Koa.Context, { status, headers }: Outgoing, body: AsyncIterable<Uint8Array>): void {
  const source = Readable.from(body, { objectMode: false });
  ctx.status = status;
  ctx.body = source;
  ctx.remove('content-type');
  ctx.set(headers);
  if (ctx.method === 'HEAD') source.destroy();
}
