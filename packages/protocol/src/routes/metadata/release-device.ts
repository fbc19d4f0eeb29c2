import { z } from 'zod';
import { timeField, uuidField } from '../../fields.ts';
import { defineRoute } from '../../route.ts';

export const releaseDevice = defineRoute({
  name: 'releaseDevice',
  service: 'metadata',
  method: 'POST',
  path: '/v1/brake/release',
  summary: 'Accept what a held device wanted to do: it may go on, and is not counted for as long as a window of the brake',
  auth: 'user',
  body: z.object({ deviceId: uuidField }),
  /** `freeUntil` is absent where no such device of the caller's was held: asking twice is harmless. */
  answer: z.object({ freeUntil: timeField.optional() }),
});
