import { Problem } from '@driftbox/protocol';
import { newId } from '@driftbox/service-kit';
import type { Context } from '../context.ts';
import { addWaiting, findDelivery, insertDeliveries, replayDelivery as replaySql, type DeliveryRow } from '../store/deliveries.ts';
import { changing, type Manager } from './manage-webhooks.ts';

/** Has a delivery sent once more, before what waits and is younger. One that waits goes on waiting. Throws `not_found`. */
export function replayDelivery(context: Context, manager: Manager, webhookId: string, deliveryId: string): Promise<DeliveryRow> {
  return changing(context, manager, webhookId, async (tx) => {
    const values = [tx.tenantId, webhookId, deliveryId];
    const [found] = (await tx.query<DeliveryRow>(findDelivery, values)).rows;
    if (found === undefined) throw new Problem('not_found', 'There is no such delivery');
    const [replayed] = (await tx.query<DeliveryRow>(replaySql, values)).rows;
    if (replayed !== undefined) tx.defer(addWaiting, [tx.tenantId, webhookId, new Date(context.nowMs())]);
    tx.afterCommit(context.wake);
    return replayed ?? found;
  });
}

/** Has an event of the type `webhook.test` sent, in its turn. */
export function testWebhook(context: Context, manager: Manager, webhookId: string): Promise<DeliveryRow> {
  return changing(context, manager, webhookId, async (tx) => {
    const nowMs = context.nowMs();
    const [eventId, deliveryId] = [newId(nowMs), newId(nowMs)];
    const event = {
      specversion: '1.0',
      id: eventId,
      source: '/services/notification',
      type: 'webhook.test',
      time: new Date(nowMs).toISOString(),
      datacontenttype: 'application/json',
      tenant: manager.tenantId,
      partitionkey: webhookId,
      data: { webhookId },
    };
    await tx.query(insertDeliveries, [tx.tenantId, [webhookId], [deliveryId], eventId, event.type, event, new Date(nowMs)]);
    tx.afterCommit(context.wake);
    const [made] = (await tx.query<DeliveryRow>(findDelivery, [tx.tenantId, webhookId, deliveryId])).rows;
    if (made === undefined) throw new Error('a delivery that was made is there');
    return made;
  });
}
