/**
 * Somebody who asks all they can, in a process of their own: `ADDRESS CONNECTIONS HEADERS` (JSON). Prints a line when the
 * first answers are there, and ends with its standard input, or after a minute.
 */
import { timeRequests } from '../../src/request-rate.ts';

const [url, connections, headers] = process.argv.slice(2) as [string, string, string];
const lanes = Number(connections);
let isOver = false;
process.stdin.on('end', () => (isOver = true)).resume();
setTimeout(() => (isOver = true), 60_000).unref();
for (let isFirst = true; !isOver; isFirst = false) {
  await timeRequests(url, JSON.parse(headers) as Record<string, string>, lanes, 4 * lanes);
  if (isFirst) console.log('asking');
}
