import { z } from 'zod';
import { digestField, driveIdField } from '../../fields.ts';
import { defineRoute } from '../../route.ts';

export const checkPossession = defineRoute({
  name: 'checkPossession',
  service: 'metadata',
  method: 'POST',
  path: '/internal/v1/drives/:drive/possession',
  summary: 'Which of these chunks and list segments does a retained revision of this drive reference?',
  auth: 'service',
  params: z.object({ drive: driveIdField }),
  body: z.object({ verb: z.enum(['read', 'write']), digests: z.array(digestField).max(20_000) }),
  answer: z.object({ possessed: z.array(digestField) }),
  errors: ['not_found', 'permission_denied'],
});
