import { once } from 'node:events';
import { connect } from 'node:net';
import { hintsPath } from '@driftbox/protocol';
import { waitFor } from '@driftbox/testkit';

/** A websocket client that reads only when it is told to, and sends what it likes. */
export type RawSocket = {
  /** Sends one text message of Engine.IO. */
  send(text: string): void;
  /** Reads everything that comes from now on; `messages` grows. */
  read(): void;
  readonly messages: string[];
  readonly isClosed: () => boolean;
  close(): void;
};

/** Connects, and joins the default namespace with a token; reads nothing yet. */
export async function openRawSocket(port: number, token: string): Promise<RawSocket> {
  const socket = connect(port, '127.0.0.1');
  await once(socket, 'connect');
  let closed = false;
  socket.on('close', () => (closed = true)).on('error', () => {});
  const head = [
    `GET ${hintsPath}?EIO=4&transport=websocket HTTP/1.1`,
    'Host: 127.0.0.1',
    'Connection: Upgrade',
    'Upgrade: websocket',
    'Sec-WebSocket-Version: 13',
    'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
  ];
  socket.write(`${head.join('\r\n')}\r\n\r\n`);
  const messages: string[] = [];
  socket.on(
    'data',
    reader((text) => messages.push(text)),
  );
  // Engine.IO hears nothing before it has said that it is open.
  await waitFor(() => messages.length > 0);
  socket.pause();
  const raw: RawSocket = {
    send: (text) => void socket.write(frameOf(text)),
    read: () => void socket.resume(),
    messages,
    isClosed: () => closed,
    close: () => void socket.destroy(),
  };
  raw.send(`40${JSON.stringify({ token, protocol: 1 })}`);
  return raw;
}

/** A masked text frame (RFC 6455 section 5.2); the mask is zero, which is as good as any here. */
function frameOf(text: string): Buffer {
  const payload = Buffer.from(text);
  const mask = Buffer.alloc(4);
  if (payload.length < 126) return Buffer.concat([Buffer.from([0x81, 0x80 | payload.length]), mask, payload]);
  const length = Buffer.alloc(2);
  length.writeUInt16BE(payload.length);
  return Buffer.concat([Buffer.from([0x81, 0x80 | 126]), length, mask, payload]);
}

/** Cuts the server's bytes into messages, the head of its HTTP answer left out. */
function reader(take: (text: string) => void): (piece: Buffer) => void {
  let rest = Buffer.alloc(0);
  let isHead = true;
  return (piece) => {
    rest = Buffer.concat([rest, piece]);
    if (isHead) {
      const end = rest.indexOf('\r\n\r\n');
      if (end < 0) return;
      rest = rest.subarray(end + 4);
      isHead = false;
    }
    for (let frame = firstFrame(rest); frame !== undefined; frame = firstFrame(rest)) {
      take(rest.subarray(frame.from, frame.to).toString());
      rest = rest.subarray(frame.to);
    }
  };
}

function firstFrame(bytes: Buffer): { readonly from: number; readonly to: number } | undefined {
  if (bytes.length < 2) return undefined;
  const short = bytes[1]! & 0x7f;
  const from = short < 126 ? 2 : short === 126 ? 4 : 10;
  if (bytes.length < from) return undefined;
  const size = short < 126 ? short : short === 126 ? bytes.readUInt16BE(2) : Number(bytes.readBigUInt64BE(2));
  return bytes.length < from + size ? undefined : { from, to: from + size };
}
