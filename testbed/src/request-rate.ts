import http from 'node:http';
import https from 'node:https';

/** One GET over a kept connection; throws unless it answers 200. Answers milliseconds. */
function timeGet(agent: http.Agent, url: string, headers: Readonly<Record<string, string>>): Promise<number> {
  const startMs = performance.now();
  return new Promise((resolve, reject) => {
    const { get } = url.startsWith('https:') ? https : http;
    // The certificate is the address's, whatever host is asked for.
    get(url, { agent, headers, servername: new URL(url).hostname }, (answer) => {
      answer.resume().on('end', () => {
        if (answer.statusCode === 200) resolve(performance.now() - startMs);
        else reject(new Error(`${url} answered ${answer.statusCode}`));
      });
    }).on('error', reject);
  });
}

/** Sends `count` GETs over `connections` kept connections, each sending its next when its last was answered. */
export async function timeRequests(
  url: string,
  headers: Readonly<Record<string, string>>,
  connections: number,
  count: number,
): Promise<{ perSecond: number; p99Ms: number }> {
  const agent = new (url.startsWith('https:') ? https : http).Agent({ keepAlive: true, maxSockets: connections });
  const times: number[] = [];
  let left = count;
  const startMs = performance.now();
  const lane = async (): Promise<void> => {
    while (left > 0) {
      left -= 1;
      times.push(await timeGet(agent, url, headers));
    }
  };
  await Promise.all(Array.from({ length: connections }, lane));
  const seconds = (performance.now() - startMs) / 1000;
  agent.destroy();
  times.sort((a, b) => a - b);
  return { perSecond: count / seconds, p99Ms: times[Math.ceil(times.length * 0.99) - 1]! };
}
