import type { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import Koa from 'koa';
import type { Logger } from './logger.ts';
import type { Incoming } from './message.ts';
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
      else res.once('close', () => {
        if (!res.writableFinished) callback();
      });
    },
  };
}

/** The pipeline as a Koa application. `closing` says whether connections are to end after their answer. */
export function createKoaDoor(pipeline: Pipeline, options: { trusted: boolean; closing: () => boolean; log: Logger }): Koa {
  const app = new Koa();
  app.on('error', (error: NodeJS.ErrnoException) => {
    // Clients that leave in the middle of a stream are everyday life.
    if (error.code !== 'ERR_STREAM_PREMATURE_CLOSE' && error.code !== 'ECONNRESET' && error.code !== 'EPIPE') options.log.warn({ err: error }, 'answer failed');
  });
  app.use(async (ctx) => {
    const { status, headers, body } = await pipeline.answer(incomingOf(ctx, options.trusted));
    const { req } = ctx;
    if (status >= 400 && !req.complete) await linger(req);
    if (options.closing() || !req.complete) ctx.set('connection', 'close');
    ctx.status = status;
    if (body === undefined) ctx.body = null;
    else if (isByteStream(body)) ctx.body = body instanceof Readable ? body : Readable.from(body, { objectMode: false });
    else ctx.body = typeof body === 'string' ? body : Buffer.from(body.buffer, body.byteOffset, body.byteLength);
    ctx.status = status;
    ctx.set(headers);
    if (ctx.method === 'HEAD' && ctx.body instanceof Readable) ctx.body.destroy();
  });
  return app;
}
