/** The bare Koa route that polls are measured against, a process of its own: prints its port, answers one JSON object. */
import type { AddressInfo } from 'node:net';
import Koa from 'koa';

const app = new Koa();
app.use((context) => {
  context.body = { changes: [], nextCursor: 'eyJhIjoxfQ', head: 1, more: false };
});
const server = app.listen(0, '127.0.0.1', () => console.log((server.address() as AddressInfo).port));
