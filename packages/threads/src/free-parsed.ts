import type { ClientRequest } from 'node:http';
import type { Socket } from 'node:net';
import { freeOwn } from './free-own.ts';

const freed = new WeakSet<Socket>();

/**
 * Frees what the socket of a request reads as soon as it was parsed. Node's parser of HTTP copies bodies out of it, and what it copied
 * from would pile up until the collector finds time: tens of megabytes beside a large download.
 */
export function freeParsed(request: ClientRequest): void {
  request.once('socket', (socket) => {
    if (freed.has(socket)) return;
    freed.add(socket);
    // On a socket that is used again this comes before the parser: it waits until all have looked.
    socket.on('data', (read: Buffer) => process.nextTick(freeOwn, read));
  });
}
