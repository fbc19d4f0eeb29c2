/** The least that a Node server can be, a process of its own: prints its port when it listens. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

const server = createServer((_request, response) => response.end('ready'));
server.listen(0, '127.0.0.1', () => console.log((server.address() as AddressInfo).port));
