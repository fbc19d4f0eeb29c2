import { clearTimeout, setTimeout } from 'k6/timers';
import { WebSocket } from 'k6/websockets';
import { plan } from './given-plan.ts';
import { countFailure } from './send.ts';

/** How far a drive goes, as a hint says it. */
export type Head = { readonly drive: string; readonly driveEpoch: string; readonly seq: number };

/** What is heard of a socket. */
export type HintListener = {
  /** It is open, and the heads of all drives were answered: from now on hints come. */
  onReady(): void;
  onHint?(head: Head): void;
  /** It was closed, by whomever; a server that stops says when to come again. */
  onEnd(afterMs: number | undefined): void;
};

/** A socket of hints. */
export type HintSocket = {
  /** Goes on with a newer token. */
  renew(token: string): void;
  close(): void;
};

const readyWithinMs = 30_000;
const protocolVersion = 1;
/** Numbers by which answers are told apart. */
const asked = { heads: 1, renew: 2 } as const;

/**
 * Opens a socket as clients do (`docs/hints.md`): Socket.IO over k6's websocket, then the heads are asked for. What is refused counts
 * as failed.
 */
export function openHints(token: string, { onReady, onHint, onEnd }: HintListener): HintSocket {
  const url = `${plan.address.replace(/^http/, 'ws')}/v1/hints?EIO=4&transport=websocket`;
  const socket = new WebSocket(url, null, { tags: { name: 'hints' } });
  let afterMs: number | undefined;
  let isOver = false;
  const fail = (why: string): void => {
    countFailure('hints', why);
    socket.close();
  };
  const late = setTimeout(() => fail(`not open after ${readyWithinMs} ms`), readyWithinMs);
  const end = (): void => {
    if (isOver) return;
    isOver = true;
    clearTimeout(late);
    onEnd(afterMs);
  };
  const ask = (number: number, name: string, payload: object): void => socket.send(`42${number}${JSON.stringify([name, payload])}`);
  const takeAnswer = (text: string): void => {
    const number = Number.parseInt(text, 10);
    const [answer] = JSON.parse(text.slice(String(number).length)) as [Readonly<Record<string, unknown>>];
    if (number === asked.heads) {
      clearTimeout(late);
      if (answer['heads'] === undefined) fail(`no heads: ${JSON.stringify(answer)}`);
      else onReady();
    } else if (answer['expiresAt'] === undefined) fail(`a token was not renewed: ${JSON.stringify(answer)}`);
  };
  const takeEvent = ([name, payload]: [string, unknown]): void => {
    if (name === 'hint') onHint?.(payload as Head);
    if (name === 'reconnect') ({ afterMs } = payload as { afterMs: number });
  };
  const takeMessage = (text: string): void => {
    if (text === '2') socket.send('3');
    else if (text.startsWith('0')) socket.send(`40${JSON.stringify({ token, protocol: protocolVersion })}`);
    else if (text.startsWith('40')) ask(asked.heads, 'heads', {});
    else if (text.startsWith('42')) takeEvent(JSON.parse(text.slice(2)) as [string, unknown]);
    else if (text.startsWith('43')) takeAnswer(text.slice(2));
    else if (text.startsWith('44')) fail(`refused: ${text.slice(2)}`);
  };
  socket.onmessage = (message) => takeMessage(String(message?.data));
  socket.onerror = (error) => {
    // A server that stops says so first, and what follows is no failure.
    if (!isOver && afterMs === undefined) countFailure('hints', String(error?.error));
    end();
  };
  socket.onclose = end;
  return { renew: (newer) => ask(asked.renew, 'renew', { token: newer }), close: () => socket.close() };
}
