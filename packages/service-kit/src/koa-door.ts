import type { RequestListener } from 'node:http';
import Koa from 'koa';
import type { Logger } from './logger.ts';
import type { Incoming, Outgoing } from './message.ts';
import type { Exchange, Routes } from './routing.ts';
import { sendAnswer } from './send-answer.ts';

/** What answers behind a door. */
export type DoorParts = {
  /** Tried in this order; the first whose routes match answers. */
  readonly routes: readonly Routes[];
  /** Answers what none matches. */
  readonly rest: (incoming: Incoming, path: string) => Outgoing | Promise<Outgoing>;
  /** Whether connections are to end after their answer. */
  readonly closing: () => boolean;
  readonly log: Logger;
};

function incomingOf(ctx: Koa.Context): Incoming {
  const { req, res } = ctx;
  return {
    method: ctx.method,
    query: ctx.querystring,
    headers: req.headers as Record<string, string | undefined>,
    address: req.socket.remoteAddress ?? '',
    body() {
      // Only now: who is refused before this need not send the body at all.
      if (req.headers.expect?.toLowerCase() === '100-continue') res.writeContinue();
      // Leaving the loop early must not destroy the socket that the answer goes out on.
      return req.iterator({ destroyOnReturn: false }) as AsyncIterable<Uint8Array>;
    },
    onGone(callback) {
      if (res.destroyed) callback();
      else
        res.once('close', () => {
          if (!res.writableFinished) callback();
        });
    },
  };
}

/** Routes behind a Koa application. Its server must hand it `checkContinue` too, so that a body is asked for only when it is read. */
export function createKoaDoor({ routes, rest, closing, log }: DoorParts): RequestListener {
  const app = new Koa<Koa.DefaultState, Exchange>();
  app.on('error', (error: NodeJS.ErrnoException) => {
    // Clients that leave in the middle of a stream are everyday life.
    if (error.code !== 'ERR_STREAM_PREMATURE_CLOSE' && error.code !== 'ECONNRESET' && error.code !== 'EPIPE')
      log.warn({ err: error }, 'answer failed');
  });
  app.use(async (ctx, next) => {
    ctx.incoming = incomingOf(ctx);
    await next();
    await sendAnswer(ctx, ctx.outgoing ?? (await rest(ctx.incoming, ctx.path)), closing());
  });
  for (const each of routes) app.use(each);
  const callback = app.callback();
  // Koa answers its own failures: this promise is never rejected.
  return (request, response) => void callback(request, response);
}
