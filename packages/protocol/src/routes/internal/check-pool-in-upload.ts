import { z } from 'zod';
import { countField, sizeField, timeField } from '../../fields.ts';
import { defineRoute } from '../../route.ts';

export const checkPoolInUpload = defineRoute({
  name: 'checkPoolInUpload',
  service: 'upload',
  method: 'GET',
  path: '/admin/v1/upload/pool',
  summary: 'What lies in the pool and belongs to nothing: packs that no row names, and names that no pack has',
  auth: 'admin',
  answer: z.object({
    /** Packs without a row when the pool was last looked over, the first thousand; they go once they have been so for long enough. */
    strays: z.array(z.object({ packId: z.string(), sizeBytes: sizeField, seenAt: timeField })),
    /** All of them. */
    strayPacks: countField,
    strayBytes: sizeField,
    /** Names that are none of ours, the first thousand of each place. Nobody removes them but whoever put them there. */
    foreign: z.array(z.string()),
    /** Seconds since all of the pool was last looked over; absent: never. */
    lookedSecondsAgo: countField.optional(),
  }),
  errors: ['unavailable'],
});
