import { z } from 'zod';
import { deviceIdField, pageOf, pageQuery, timeField } from '../../fields.ts';
import { defineRoute } from '../../route.ts';

/** A device that somebody signs in on; `current` is the one that asks. */
export const signedInDevice = z.object({
  deviceId: deviceIdField,
  name: z.string(),
  kind: z.string(),
  createdAt: timeField,
  lastSeenAt: timeField,
  current: z.boolean(),
});
export type SignedInDevice = z.output<typeof signedInDevice>;

export const listDevices = defineRoute({
  name: 'listDevices',
  service: 'auth',
  method: 'GET',
  path: '/v1/devices',
  summary: 'The devices of this user',
  auth: 'user',
  query: pageQuery(100, 1000),
  answer: pageOf(signedInDevice),
});
