import { ConfigError, defineConfig, type Loaded } from '@driftbox/service-kit';
import { parseNetworks, type Networks } from './webhook/check-address.ts';

/** How webhooks are sent: rows that the table of a process that sends them includes. */
export const webhookSettings = defineConfig({
  DRIFTBOX_WEBHOOK_NETWORKS: {
    type: 'string',
    default: '',
    description: 'Private networks that webhooks may reach all the same, as 10.1.0.0/16,fd00::/8; none if empty',
  },
  DRIFTBOX_WEBHOOK_RATE: {
    type: 'int',
    default: 600,
    min: 1,
    max: 1_000_000,
    description: 'Deliveries to webhooks of one tenant that leave one process in a minute',
  },
});

/** What they mean. Throws `ConfigError` for what is no network. */
export function readWebhooks(config: Loaded<typeof webhookSettings>['config']): {
  readonly webhookNetworks: Networks;
  readonly webhookRate: number;
} {
  try {
    return { webhookNetworks: parseNetworks(config.DRIFTBOX_WEBHOOK_NETWORKS), webhookRate: config.DRIFTBOX_WEBHOOK_RATE };
  } catch (error) {
    throw new ConfigError([`DRIFTBOX_WEBHOOK_NETWORKS: ${(error as Error).message}`]);
  }
}
