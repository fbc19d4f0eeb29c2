import assert from 'node:assert/strict';
import { createHmac, timingSafeEqual } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

/** A delivery that came, as it was signed. */
export type ReceivedDelivery = {
  readonly id: string;
  readonly timestamp: string;
  readonly signatures: string;
  readonly body: string;
};

/** The parts of a CloudEvent that tests look at. */
export type ReceivedEvent = { readonly id: string; readonly type: string; readonly subject?: string; readonly data: unknown };

/** Somebody's own server, to which webhooks are sent. */
export type WebhookReceiver = {
  readonly url: string;
  readonly deliveries: readonly ReceivedDelivery[];
  /** Refuses as many of the next deliveries with 503. */
  refuse(count: number): void;
  stop(): Promise<void>;
};

/** Starts one on a free port of 127.0.0.1. It keeps all that it answers with 204. */
export async function startWebhookReceiver(): Promise<WebhookReceiver> {
  const deliveries: ReceivedDelivery[] = [];
  let refusals = 0;
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      const isRefused = refusals > 0;
      if (isRefused) refusals -= 1;
      else deliveries.push(deliveryOf(request, body));
      response.writeHead(isRefused ? 503 : 204).end();
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`,
    deliveries,
    refuse: (count) => void (refusals = count),
    stop: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

function deliveryOf({ headers }: IncomingMessage, body: string): ReceivedDelivery {
  const header = (name: string): string => String(headers[name] ?? '');
  return { id: header('webhook-id'), timestamp: header('webhook-timestamp'), signatures: header('webhook-signature'), body };
}

/** A delivery's event, verified as a receiver of Standard Webhooks 1.0 does it. Throws for what the secret did not sign. */
export function verifyDelivery({ id, timestamp, signatures, body }: ReceivedDelivery, secret: string): ReceivedEvent {
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
  const expected = createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest();
  const given = signatures.split(' ').map((one) => Buffer.from(one.replace(/^v1,/, ''), 'base64'));
  assert(
    given.some((one) => one.length === expected.length && timingSafeEqual(one, expected)),
    `delivery ${id} is not signed with the webhook's secret`,
  );
  assert(Math.abs(Date.now() / 1000 - Number(timestamp)) < 300, `delivery ${id} is five minutes old or of the future`);
  return JSON.parse(body) as ReceivedEvent;
}
