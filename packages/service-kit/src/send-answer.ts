import type { IncomingMessage } from 'node:http';
import type Koa from 'koa';
import type { Outgoing } from './message.ts';
import { isByteStream } from './reply.ts';
import { sendStream } from './send-stream.ts';

/** What is still read of a body that was refused; the largest body that any route takes. */
const lingerBytes = 64 * 2 ** 20;
const lingerIdleMs = 5_000;
const lingerMs = 30_000;
/** Up to this declared size a refused body is read to its end, and its connection kept. */
const smallBytes = 64 * 2 ** 10;

/** Sends an answer by Koa's response. Resolves when nothing more is to be done for it here. */
export async function sendAnswer(ctx: Koa.Context, outgoing: Outgoing, closing: boolean): Promise<void> {
  const { req } = ctx;
  const small = Number(req.headers['content-length'] ?? Infinity) <= smallBytes;
  if (closing || (!req.complete && !small)) outgoing.headers.connection = 'close';
  if (isByteStream(outgoing.body)) await sendPieces(ctx, outgoing, outgoing.body);
  else await sendWhole(ctx, outgoing, outgoing.body);
}

/** Bytes at hand leave in one write. Koa would look at each header and at the body again, which costs as much as all the rest. */
async function sendWhole(ctx: Koa.Context, { status, headers }: Outgoing, body: string | Uint8Array | undefined): Promise<void> {
  const { req, res } = ctx;
  ctx.respond = false;
  if (res.destroyed) return;
  const sizeBytes = body === undefined ? 0 : typeof body === 'string' ? Buffer.byteLength(body) : body.byteLength;
  const headless = status === 204 || status === 304;
  if (!headless) headers['content-length'] ??= String(sizeBytes);
  res.writeHead(status, headers);
  const bytes = headless || ctx.method === 'HEAD' ? undefined : body;
  if (req.complete) {
    if (bytes === undefined) res.end();
    else res.end(bytes);
    return;
  }
  // Closing a socket on which bytes still arrive resets it, and what the client has not read by then is lost: so it gets
  // the whole answer first, and the socket closes when the client stops sending. Clients that send all before they read
  // get to read it too.
  if (bytes === undefined) res.flushHeaders();
  else res.write(bytes);
  await readOn(req);
  res.end();
  if (!req.complete) req.socket.destroySoon();
}

/** Reads and drops what still comes of a body, within bounds. */
function readOn(request: IncomingMessage): Promise<void> {
  return new Promise((resolve) => {
    let leftBytes = lingerBytes;
    const done = (): void => {
      clearTimeout(idle);
      clearTimeout(whole);
      request.off('data', onData).off('end', done).off('close', done).pause();
      resolve();
    };
    const idle = setTimeout(done, lingerIdleMs);
    const whole = setTimeout(done, lingerMs);
    const onData = (piece: Buffer): void => {
      idle.refresh();
      leftBytes -= piece.length;
      if (leftBytes < 0) done();
    };
    if (request.destroyed) done();
    else request.on('data', onData).once('end', done).once('close', done).resume();
  });
}

/** Bytes that are still being made. An answer that fails half way is cut off: a client must not take it for whole. */
async function sendPieces(ctx: Koa.Context, { status, headers }: Outgoing, body: AsyncIterable<Uint8Array>): Promise<void> {
  const { res } = ctx;
  ctx.respond = false;
  try {
    if (res.destroyed || ctx.method === 'HEAD') await body[Symbol.asyncIterator]().return?.();
    if (res.destroyed) return;
    res.writeHead(status, headers);
    if (ctx.method === 'HEAD') res.end();
    else await sendStream(res, body);
  } catch (error) {
    res.destroy();
    ctx.app.emit('error', error, ctx);
  }
}
