import type { Row } from './dashboard.ts';
import { chosen } from './expressions.ts';

/** Each process of a service counts the whole cell: the largest is the one that counted last. */
const used = (amount: string) => [
  { expr: `max by (namespace, quota) (driftbox_usage_${amount}{${chosen}})`, legend: '{{namespace}} {{quota}}' },
];

/** What is used in each cell, by class of tenant, which is the Quota that a tenant is under. */
export const usageRow: Row = {
  title: 'What is used, by cell and Quota',
  panels: [
    { title: 'Tenants', about: 'By the Quota they are under; none have none.', unit: 'short', queries: used('tenants') },
    {
      title: 'Bytes that people see',
      about: 'Files, history and trash. What deduplication saves is not taken off.',
      unit: 'bytes',
      queries: used('logical_bytes'),
    },
    {
      title: 'Bytes in pools',
      about: 'What packs take. Far more than people see: collection is behind.',
      unit: 'bytes',
      queries: used('physical_bytes'),
    },
    { title: 'Files', about: 'Those in the trash included.', unit: 'short', queries: used('files') },
  ],
};
