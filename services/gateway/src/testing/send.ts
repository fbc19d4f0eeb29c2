import http from 'node:http';
import https from 'node:https';
import net from 'node:net';

/** An answer, read to its end. */
export type Answer = {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  readonly text: string;
  /** Of a JSON body: what an echo or a problem says. */
  readonly json: ReturnType<typeof JSON.parse>;
};

type Sent = {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array | string;
  readonly host?: string;
};

/** Sends one request exactly as written, on a connection of its own. `host` defaults to `acme.test`. */
export function send(
  address: string,
  path: string,
  { method = 'GET', headers = {}, body, host = 'acme.test' }: Sent = {},
): Promise<Answer> {
  const { protocol, hostname, port } = new URL(address);
  const module = protocol === 'https:' ? https : http;
  return new Promise((resolve, reject) => {
    const request = module.request({
      hostname,
      port,
      path,
      method,
      headers: { host, ...headers },
      agent: false,
      ...(protocol === 'https:' ? { rejectUnauthorized: false, servername: host } : {}),
    });
    request.once('error', reject).once('response', (response) => {
      const pieces: Buffer[] = [];
      response
        .on('data', (piece: Buffer) => pieces.push(piece))
        .once('error', reject)
        .once('end', () => {
          const text = Buffer.concat(pieces).toString();
          const isJson = /json/.test(response.headers['content-type'] ?? '');
          resolve({ status: response.statusCode ?? 0, headers: response.headers, text, json: isJson ? JSON.parse(text) : undefined });
        });
    });
    request.end(body);
  });
}

/** Writes bytes on a connection and answers all that comes back until it ends, or until `enough` says so. */
export function sendRaw(address: string, bytes: string, enough: (text: string) => boolean = () => false): Promise<string> {
  const { hostname, port } = new URL(address);
  return new Promise((resolve, reject) => {
    const socket = net.connect(Number(port), hostname);
    let text = '';
    socket.once('error', reject);
    socket.on('data', (piece) => {
      text += piece.toString('latin1');
      if (enough(text)) socket.destroy();
    });
    socket.once('close', () => resolve(text));
    socket.write(bytes, 'latin1');
  });
}
