import { startWebhookReceiver, verifyDelivery, type ReceivedEvent, type WebhookReceiver } from '../../src/webhook-receiver.ts';
import type { Company, Person } from './people.ts';

/** A tenant's webhook, the server that it is sent to, and what it must hear. */
type Hook = { readonly owner: Person; readonly receiver: WebhookReceiver; readonly secret: string };

/** The webhooks of both tenants. */
export type Hooks = { readonly home: Hook; readonly acme: Hook; close(): Promise<void> };

/** Both owners have all events of their tenant sent to a server of their own; Ada's refuses the first two. */
export async function openHooks({ ada, dora }: Company): Promise<Hooks> {
  const home = await openHook(ada);
  const acme = await openHook(dora);
  home.receiver.refuse(2);
  return {
    home,
    acme,
    close: async () => void (await Promise.all([home.receiver.stop(), acme.receiver.stop()])),
  };
}

async function openHook(owner: Person): Promise<Hook> {
  const receiver = await startWebhookReceiver();
  const made = await owner.cli.must('webhooks', 'create', receiver.url, '--tenant', '--json');
  const { secret } = JSON.parse(made) as { readonly secret: string };
  return { owner, receiver, secret };
}

/** Every delivery so far, verified. Throws for one that the hook's secret did not sign. */
export function eventsOf({ receiver, secret }: Hook): ReceivedEvent[] {
  return receiver.deliveries.map((delivery) => verifyDelivery(delivery, secret));
}

/** Events that a hook lacks of these types, and whether any speaks of a drive that is of the other tenant. */
export function wrongEvents(hook: Hook, types: readonly string[], notDrive: string): string[] {
  const events = eventsOf(hook);
  const has = (type: string): boolean => events.some((event) => event.type === type);
  return [
    ...types.filter((type) => !has(type)).map((type) => `${hook.owner.name}'s webhook heard no ${type}`),
    ...events
      .filter((event) => JSON.stringify(event).includes(notDrive))
      .map(({ type }) => `${hook.owner.name}'s webhook heard ${type} of another tenant`),
  ];
}
