/**
 * The plain HTTP client of the same measurement, a process of its own:
 * `put ADDRESS FILE` sends the file in four parts at once, each hashed first and checked by the server;
 * `get ADDRESS FILE FOLDER` reads them back, checks each against the digests that `put ADDRESS FILE FOLDER` noted, and fsyncs.
 */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, readFile, stat, writeFile } from 'node:fs/promises';
import { Agent, request, type IncomingMessage } from 'node:http';
import path from 'node:path';

const parts = 4;
const agent = new Agent({ keepAlive: true, maxSockets: parts });
const [verb, address, file] = process.argv.slice(2) as [string, string, string, ...string[]];

async function rangeDigest(name: string, start: number, end: number): Promise<string> {
  const hash = createHash('sha256');
  for await (const piece of createReadStream(name, { start, end: end - 1, highWaterMark: 2 ** 20 })) hash.update(piece as Buffer);
  return hash.digest('hex');
}

async function putPart(index: number, start: number, end: number): Promise<string> {
  const digest = await rangeDigest(file, start, end);
  const { status } = await new Promise<{ status: number | undefined }>((resolve, reject) => {
    const sent = request(`${address}/part-${index}`, {
      method: 'PUT',
      agent,
      headers: { 'x-sha256': digest, 'content-length': end - start },
    });
    sent.on('response', (answer) => answer.resume().on('end', () => resolve({ status: answer.statusCode }))).on('error', reject);
    createReadStream(file, { start, end: end - 1, highWaterMark: 2 ** 20 }).pipe(sent);
  });
  if (status !== 204) throw new Error(`the plain server answered ${status}`);
  return digest;
}

async function getPart(index: number, size: number, start: number, expected: string): Promise<void> {
  const answer = await new Promise<IncomingMessage>((resolve, reject) => {
    request(`${address}/part-${index}?start=0&end=${size}`, { agent }).on('response', resolve).on('error', reject).end();
  });
  const handle = await open(file, 'r+');
  const hash = createHash('sha256');
  let at = start;
  for await (const piece of answer as AsyncIterable<Buffer>) {
    hash.update(piece);
    await handle.write(piece, 0, piece.length, at);
    at += piece.length;
  }
  await handle.sync();
  await handle.close();
  if (hash.digest('hex') !== expected) throw new Error('the plain server sent other bytes');
}

if (verb === 'put') {
  const { size } = await stat(file);
  const bounds = Array.from({ length: parts + 1 }, (_, index) => Math.floor((size * index) / parts));
  const digests = await Promise.all(bounds.slice(1).map((end, index) => putPart(index, bounds[index]!, end)));
  await writeFile(path.join(process.argv[5]!, 'sums.json'), JSON.stringify({ bounds, digests }));
} else {
  const { bounds, digests } = JSON.parse(await readFile(path.join(process.argv[5]!, 'sums.json'), 'utf8')) as {
    bounds: number[];
    digests: string[];
  };
  await writeFile(file, '');
  await Promise.all(digests.map((digest, index) => getPart(index, bounds[index + 1]! - bounds[index]!, bounds[index]!, digest)));
}
