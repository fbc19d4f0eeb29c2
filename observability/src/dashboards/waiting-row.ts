import type { Row } from './dashboard.ts';
import { chosen, perSecond } from './expressions.ts';

const lookups = 'driftbox_cache_lookups_total';

/** What waits in a cell, and what its caches spare it. docs/metrics.md says of each queue and cache what it means. */
export const waitingRow: Row = {
  title: 'Queues and caches',
  panels: [
    {
      title: 'What waits, by queue',
      about: 'Of all processes together. One that grows and does not shrink again is too slow for what comes; docs/metrics.md says which.',
      unit: 'short',
      queries: [{ expr: `sum by (part, queue) (driftbox_queue_waiting_items{${chosen}})`, legend: '{{part}} {{queue}}' }],
    },
    {
      title: 'How long the first of a queue has waited',
      about: 'Or since when it was due. Mails late by minutes: the mail server is away or slow.',
      unit: 's',
      queries: [{ expr: `max by (part, queue) (driftbox_queue_oldest_seconds{${chosen}})`, legend: '{{part}} {{queue}}' }],
    },
    {
      title: 'Looks into caches that found what they wanted',
      about: 'A share that falls in a busy cell: the cache is too small, or what it keeps changes all the time.',
      unit: 'percentunit',
      queries: [
        {
          expr: `${perSecond(lookups, 'part, cache', 'outcome="hit"')} / (${perSecond(lookups, 'part, cache')} > 0)`,
          legend: '{{part}} {{cache}}',
        },
      ],
    },
    {
      title: 'Looks into caches that did not',
      about: 'Each costs what docs/metrics.md says: a query, a call, a signature.',
      unit: 'ops',
      queries: [{ expr: perSecond(lookups, 'part, cache', 'outcome="miss"'), legend: '{{part}} {{cache}}' }],
    },
  ],
};
