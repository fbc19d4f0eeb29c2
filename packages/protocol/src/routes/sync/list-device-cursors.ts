import { z } from 'zod';
import { deviceIdField, driveIdField, pageOf, pageQuery, seqField, timeField, userIdField, uuidField } from '../../fields.ts';
import { defineRoute } from '../../route.ts';

export const listDeviceCursors = defineRoute({
  name: 'listDeviceCursors',
  service: 'sync',
  method: 'GET',
  path: '/v1/devices/cursors',
  summary: 'How far each device of a user has come in each drive, as the device last said',
  auth: 'user',
  query: pageQuery(100, 1000).extend({
    /** Whose devices; the caller's own by default. Another user's only for administrators of the tenant. */
    user: userIdField.optional(),
  }),
  answer: pageOf(
    z.object({
      deviceId: deviceIdField,
      drive: driveIdField,
      driveEpoch: uuidField,
      seq: seqField,
      reportedAt: timeField,
    }),
  ),
  errors: ['permission_denied'],
});
