import type { Registry } from 'prom-client';
import { readAtScrape, readTogether } from './read-at-scrape.ts';

/** What the tenants of a class use together; `quota` is the name of their Quota, empty where they have none. */
export type UsageOfQuota<A extends string> = { readonly quota: string } & Readonly<Record<A, number>>;

/** Quotas told apart in metrics; what is used under others is `other`. */
const mostQuotas = 20;
/** So many names are read: what lies beyond that is not counted. */
export const mostQuotasRead = 10_000;
/** Usage is added up over a whole cell: once a minute is enough. */
const keepMs = 60_000;

/**
 * Shows what the classes of tenants use, each amount as a gauge of the name and help given for it. `read` answers classes in their order,
 * that of most tenants first, and is asked once a minute at most.
 */
export function watchUsage<A extends string>(
  registry: Registry,
  gauges: Readonly<Record<A, readonly [name: string, help: string]>>,
  read: () => Promise<readonly UsageOfQuota<NoInfer<A>>[]>,
): void {
  const usage = readTogether(read, keepMs);
  for (const [amount, [name, help]] of Object.entries(gauges) as [A, readonly [string, string]][]) {
    readAtScrape(registry, { name, help, labelNames: ['quota'] }, async () =>
      (await usage()).map((one, index) => [{ quota: index < mostQuotas ? one.quota || 'none' : 'other' }, one[amount]] as const),
    );
  }
}
