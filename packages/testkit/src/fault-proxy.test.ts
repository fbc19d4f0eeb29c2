import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { startFaultProxy, waitFor, type FaultProxy } from './index.ts';

let server: Server;
let proxy: FaultProxy;

/** Answers each piece with itself. */
beforeEach(async () => {
  server = createServer((socket) => socket.on('error', () => {}).pipe(socket)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  proxy = await startFaultProxy({ host: '127.0.0.1', port: (server.address() as AddressInfo).port });
});
afterEach(async () => {
  await proxy.close();
  server.close();
});

type Client = { readonly socket: Socket; readonly got: () => string; readonly ended: Promise<string> };

function open(): Client {
  const socket = connect(proxy.port, proxy.host);
  let got = '';
  socket.setEncoding('utf8').on('data', (text: string) => (got += text));
  const ended = new Promise<string>((resolve) => {
    socket.on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? ''));
    socket.on('close', () => resolve('closed'));
  });
  return { socket, got: () => got, ended };
}

describe('the fault proxy', () => {
  test('without a fault passes everything both ways, the end included', async () => {
    const client = open();
    const big = 'x'.repeat(300_000);
    client.socket.end(big);
    expect(await client.ended).toBe('closed');
    expect(client.got()).toBe(big);
    expect(proxy.seen).toEqual({ connections: 1, bytesBack: 300_000 });
  });

  test('delays pieces and keeps their order', async () => {
    proxy.set({ delayMs: 40 });
    const client = open();
    const startMs = performance.now();
    for (const piece of ['a', 'b', 'c']) client.socket.write(piece);
    await waitFor(() => client.got() === 'abc');
    expect(performance.now() - startMs).toBeGreaterThan(35);
    client.socket.destroy();
  });

  test('stalled, nothing passes until it is lifted, and nothing is lost', async () => {
    const client = open();
    client.socket.write('a');
    await waitFor(() => client.got() === 'a');
    proxy.set({ stalled: true });
    const { bytesBack } = proxy.seen;
    client.socket.write('b');
    const other = open();
    other.socket.write('c');
    await waitFor(() => proxy.seen.connections === 2);
    expect(proxy.seen.bytesBack).toBe(bytesBack);
    proxy.set({});
    await waitFor(() => client.got() === 'ab' && other.got() === 'c');
    client.socket.destroy();
    other.socket.destroy();
  });

  test('cuts a connection after so many bytes, and all at once when told', async () => {
    proxy.set({ cutAfterBytes: 10 });
    const client = open();
    client.socket.write('123456789012345');
    expect(await client.ended).toBe('ECONNRESET');
    proxy.set({ cutAfterSentBytes: 10 });
    const sender = open();
    sender.socket.write('123456789012345');
    expect(await sender.ended).toBe('ECONNRESET');
    proxy.set({});
    const other = open();
    other.socket.write('a');
    await waitFor(() => other.got() === 'a');
    proxy.cut();
    expect(await other.ended).toBe('ECONNRESET');
  });

  test('leaves connections half open, of which only the server hears the end', async () => {
    const left: Socket[] = [];
    server.on('connection', (socket) => left.push(socket));
    const client = open();
    client.socket.write('a');
    await waitFor(() => client.got() === 'a');
    proxy.abandon();
    await waitFor(() => left[0]?.destroyed === true);
    client.socket.write('b');
    const other = open();
    other.socket.write('c');
    await waitFor(() => other.got() === 'c');
    expect([client.got(), client.socket.destroyed]).toEqual(['a', false]);
    proxy.cut();
    expect(await client.ended).toBe('ECONNRESET');
  });

  test('refuses the next connections only, if so told', async () => {
    proxy.setForNext(1, { refused: true });
    expect(await open().ended).toBe('ECONNRESET');
    const client = open();
    client.socket.write('a');
    await waitFor(() => client.got() === 'a');
    client.socket.destroy();
  });
});
