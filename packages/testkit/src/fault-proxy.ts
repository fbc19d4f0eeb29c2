import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { Transform } from 'node:stream';

/** What the proxy does to bytes. Only what is set happens; each holds for both directions unless it says otherwise. */
export type Fault = {
  /** Every piece arrives this much later, in order. */
  readonly delayMs?: number;
  /** Nothing passes any more; connections stay open. */
  readonly stalled?: boolean;
  /** Each connection is reset once so many bytes have come back from the server over it. */
  readonly cutAfterBytes?: number;
  /** The same for bytes that were sent to the server. */
  readonly cutAfterSentBytes?: number;
  /** New connections are reset at once. */
  readonly refused?: boolean;
};

/** A TCP proxy in this process that damages connections on demand. */
export type FaultProxy = AsyncDisposable & {
  readonly host: string;
  readonly port: number;
  /** From now on, for connections that are open and for new ones. */
  set(fault: Fault): void;
  /** The same for the next `count` connections alone; then everything passes again. */
  setForNext(count: number, fault: Fault): void;
  /** Resets every open connection. */
  cut(): void;
  /** Ends every open connection towards the server alone: clients are not told, and what they send leads nowhere. */
  abandon(): void;
  /** Connections taken since the start, and bytes that came back from the server. */
  readonly seen: { connections: number; bytesBack: number };
  close(): Promise<void>;
};

type Line = { readonly client: Socket; readonly server: Socket; readonly own: Fault | undefined };

/** Listens on a free port of 127.0.0.1 and passes on to `target`. */
export async function startFaultProxy(target: { readonly host: string; readonly port: number }): Promise<FaultProxy> {
  let fault: Fault = {};
  let next: { count: number; fault: Fault } = { count: 0, fault: {} };
  const lines = new Set<Line>();
  const seen = { connections: 0, bytesBack: 0 };
  // Half-open: a side that has said all may still be answered.
  const server = createServer({ allowHalfOpen: true }, (client) => {
    seen.connections += 1;
    const own = next.count > 0 ? next.fault : undefined;
    next = { ...next, count: next.count - 1 };
    if ((own ?? fault).refused === true) return void client.on('error', () => {}).resetAndDestroy();
    const line: Line = { client, server: connect({ ...target, allowHalfOpen: true }), own };
    lines.add(line);
    join(line, () => own ?? fault, seen);
    client.once('close', () => lines.delete(line));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const cut = (): void => lines.forEach(end);
  const close = async (): Promise<void> => {
    cut();
    if (!server.listening) return;
    server.close();
    await once(server, 'close');
  };
  return {
    host: '127.0.0.1',
    port,
    seen,
    set: (wanted) => void (fault = wanted),
    setForNext: (count, wanted) => void (next = { count, fault: wanted }),
    cut,
    abandon: () => lines.forEach(leave),
    close,
    [Symbol.asyncDispose]: close,
  };
}

function join(line: Line, fault: () => Fault, seen: { bytesBack: number }): void {
  const { client, server } = line;
  let bytesBack = 0;
  let bytesSent = 0;
  const sent = damage(fault, (length) => {
    bytesSent += length;
    if (bytesSent >= (fault().cutAfterSentBytes ?? Infinity)) end(line);
  });
  const back = damage(fault, (length) => {
    seen.bytesBack += length;
    bytesBack += length;
    if (bytesBack >= (fault().cutAfterBytes ?? Infinity)) end(line);
  });
  for (const socket of [client, server]) {
    socket.setNoDelay(true);
    socket.on('error', () => end(line));
  }
  // With it goes what was held back: it passes no more, and is not counted.
  client.once('close', () => [server, sent, back].forEach((stream) => stream.destroy()));
  server.once('close', (hadError) => (hadError ? client.resetAndDestroy() : undefined));
  client.pipe(sent).pipe(server);
  server.pipe(back).pipe(client);
}

/** Holds pieces back as the fault says at the time they come, and keeps their order. */
function damage(fault: () => Fault, passed: (length: number) => void): Transform {
  return new Transform({
    transform(piece: Buffer, _encoding, done) {
      const { delayMs = 0, stalled = false } = fault();
      const pass = (): void => {
        if (this.destroyed) return;
        if (fault().stalled === true) return void setTimeout(pass, 10).unref();
        passed(piece.length);
        done(null, piece);
      };
      if (delayMs === 0 && !stalled) pass();
      else setTimeout(pass, delayMs).unref();
    },
  });
}

function end({ client, server }: Line): void {
  client.resetAndDestroy();
  server.destroy();
}

function leave({ client, server }: Line): void {
  client.unpipe();
  client.resume();
  server.removeAllListeners('error').on('error', () => {});
  server.destroy();
}
