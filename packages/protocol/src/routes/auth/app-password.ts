import { z } from 'zod';
import { timeField, uuidField } from '../../fields.ts';

/** An app password as listed: never its secret. */
export const appPassword = z.object({
  appPasswordId: uuidField,
  name: z.string(),
  scope: z.enum(['read', 'write']),
  createdAt: timeField,
  lastUsedAt: timeField.optional(),
});
