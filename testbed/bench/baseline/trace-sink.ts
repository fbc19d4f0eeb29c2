import http from 'node:http';
import type { AddressInfo } from 'node:net';

// A collector that takes all it is sent and keeps nothing, in a process of its own.
const server = http.createServer((request, response) => {
  request.resume().on('end', () => response.writeHead(200, { 'content-type': 'application/json' }).end('{}'));
});
server.listen(0, '127.0.0.1', () => console.log((server.address() as AddressInfo).port));
