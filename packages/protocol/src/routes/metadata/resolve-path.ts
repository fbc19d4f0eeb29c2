import { z } from 'zod';
import { driveIdField } from '../../fields.ts';
import { defineRoute } from '../../route.ts';
import { entry } from './entry.ts';

export const resolvePath = defineRoute({
  name: 'resolvePath',
  service: 'metadata',
  method: 'GET',
  path: '/v1/drives/:drive/resolve',
  summary: "The entry at a path from the drive's root",
  auth: 'user',
  params: z.object({ drive: driveIdField }),
  query: z.object({ path: z.string().min(1).max(33_000) }),
  answer: entry,
  errors: ['not_found'],
});
