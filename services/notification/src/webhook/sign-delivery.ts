import { createHmac } from 'node:crypto';

/** What a webhook's secrets follow from: nothing that signs is stored. */
export type Signer = { readonly webhookId: string; readonly generation: number; readonly rotatedMs: number | null };

/** So long the secret before the newest signs as well, for receivers that have not got the newest yet. */
export const overlapMs = 86_400_000;

/** The secret of a webhook as its owner is shown it. */
export function secretOf(cellSecret: Uint8Array, webhookId: string, generation: number): string {
  return `whsec_${createHmac('sha256', cellSecret).update(`webhook ${webhookId} ${generation}`).digest('base64')}`;
}

/**
 * The headers of a delivery, as Standard Webhooks 1.0 has them: an id that repetitions share, the time of this try in seconds,
 * and a signature by each secret that holds, over `id.time.body`.
 */
export function signedHeaders(
  cellSecret: Uint8Array,
  { webhookId, generation, rotatedMs }: Signer,
  deliveryId: string,
  body: string,
  nowMs: number,
): Record<string, string> {
  const timestamp = String(Math.floor(nowMs / 1000));
  const isOverlapping = rotatedMs !== null && nowMs - rotatedMs < overlapMs;
  const generations = isOverlapping ? [generation, generation - 1] : [generation];
  const signatures = generations.map((one) => {
    const key = Buffer.from(secretOf(cellSecret, webhookId, one).slice('whsec_'.length), 'base64');
    return `v1,${createHmac('sha256', key).update(`${deliveryId}.${timestamp}.${body}`).digest('base64')}`;
  });
  return {
    'content-type': 'application/cloudevents+json; charset=utf-8',
    'user-agent': 'DriftBox-Webhook/1',
    'webhook-id': deliveryId,
    'webhook-timestamp': timestamp,
    'webhook-signature': signatures.join(' '),
  };
}
