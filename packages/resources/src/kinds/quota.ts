import { z } from 'zod';
import { defineKind } from '../define-kind.ts';
import { quantity, whole } from '../schema/fields.ts';
import { ruled } from '../schema/rule.ts';
import { isAtMost } from '../quantity.ts';
import { conditions, observedGeneration, requestedAt } from './status.ts';

const count = whole(0, 1_000_000_000);

const rate = ruled(
  z.strictObject({
    perSecond: whole(1, 1_000_000).describe('Requests per second that may go on for ever.'),
    burst: whole(1, 1_000_000).describe('Requests that may come at once.'),
  }),
  {
    on: 'every write',
    field: 'burst',
    cel: 'self.burst >= self.perSecond',
    message: 'burst is less than perSecond',
    holds: (self) => self.burst >= self.perSecond,
  },
);

const days = whole(0, 3_650);
const historyAbout = 'Days for which earlier revisions of a file are kept.';
const trashAbout = 'Days for which deleted entries can be brought back.';

const retention = z.strictObject({
  historyDays: days.default(180).describe(`${historyAbout} Default 180.`),
  trashDays: days.default(30).describe(`${trashAbout} Default 30.`),
});

/** How long a tenant's own choice keeps what people delete or overwrite. */
export const retentionOverride = z.strictObject({
  historyDays: days.optional().describe(historyAbout),
  trashDays: days.optional().describe(trashAbout),
});

const limitFields = {
  storage: quantity.optional().describe('Bytes that people see: current files, history, trash and uploads in flight. Unlimited if absent.'),
  storagePerUser: quantity.optional().describe("Bytes in one user's home drive. Unlimited if absent."),
  fileSize: quantity.optional().describe('Bytes of one file. 5Ti if absent.'),
  files: count.optional().describe('Files, those in the trash included. Unlimited if absent.'),
  users: count.optional().describe('People who may sign up. Unlimited if absent.'),
  egressPerMonth: quantity
    .optional()
    .describe('Bytes read in a calendar month. Unlimited if absent. Kept, but not enforced by this version.'),
  requests: rate.optional().describe('How often the whole tenant may call. 2000 per second and 4000 at once if absent.'),
  requestsPerUser: rate.optional().describe('How often one user may call. 200 per second and 1000 at once if absent.'),
  uploads: count.optional().describe('Uploads at the same time. Unlimited if absent.'),
  sockets: count.optional().describe('Devices that wait for hints at the same time, in each process of sync. Unlimited if absent.'),
  links: count.optional().describe('Links by which files are shared. Unlimited if absent.'),
};

type Sizes = {
  readonly storage?: string | undefined;
  readonly storagePerUser?: string | undefined;
  readonly fileSize?: string | undefined;
};

function withinStorage(name: 'storagePerUser' | 'fileSize') {
  return {
    on: 'every write',
    field: name,
    cel:
      `!has(self.storage) || !has(self.${name}) || !isQuantity(self.storage) || !isQuantity(self.${name}) || ` +
      `quantity(self.${name}).compareTo(quantity(self.storage)) <= 0`,
    message: `${name} is more than storage`,
    holds: ({ storage, [name]: part }: Sizes) => storage === undefined || part === undefined || isAtMost(part, storage),
  } as const;
}

/** Limits that a tenant sets for itself, in place of those of its quota. */
export const limits = ruled(z.strictObject(limitFields), withinStorage('storagePerUser'), withinStorage('fileSize'));

const spec = ruled(
  z.strictObject({
    ...limitFields,
    retention: retention.prefault({}).describe('How long what people delete or overwrite is kept.'),
  }),
  withinStorage('storagePerUser'),
  withinStorage('fileSize'),
);

const status = z.strictObject({
  observedGeneration,
  conditions,
  tenants: whole(0, 1_000_000).optional().describe('Tenants that name this quota.'),
  requestedAt,
});

/** A set of limits that many tenants may name. */
export const quotaKind = defineKind({
  kind: 'Quota',
  plural: 'quotas',
  // `kubectl get quota` stays the ResourceQuota's.
  singular: 'driftboxquota',
  shortName: 'dbq',
  about: 'A set of limits that many tenants may name; a change of it reaches all of them.',
  spec,
  status,
  columns: [
    { name: 'Ready', path: '.status.conditions[?(@.type=="Ready")].status' },
    { name: 'Storage', path: '.spec.storage' },
    { name: 'Per User', path: '.spec.storagePerUser' },
    { name: 'Files', path: '.spec.files', type: 'integer' },
    { name: 'Tenants', path: '.status.tenants', type: 'integer' },
  ],
});
