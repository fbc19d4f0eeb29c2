import { z } from 'zod';
import { sizeField } from '../../fields.ts';
import { defineRoute } from '../../route.ts';
import { signInWay } from './issuer.ts';

export const getCapabilities = defineRoute({
  name: 'getCapabilities',
  service: 'auth',
  method: 'GET',
  path: '/v1/capabilities',
  summary: 'What this server speaks and allows',
  auth: 'none',
  answer: z.object({
    protocolVersions: z.array(z.number().int()),
    chunkScheme: z.string(),
    signUp: z.enum(['open', 'invite', 'closed']),
    /** Issuers by which people may sign in besides their password. */
    signInWays: z.array(signInWay),
    limits: z.object({
      nameBytes: sizeField,
      pathDepth: sizeField,
      fileBytes: sizeField,
      commitOperations: sizeField,
      frameBodyBytes: sizeField,
      jsonBodyBytes: sizeField,
    }),
  }),
});
