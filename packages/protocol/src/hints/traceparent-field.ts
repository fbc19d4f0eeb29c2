import { z } from 'zod';

/** The step that sent a message, as in the header of HTTP (W3C Trace Context, section 3.2); only of traces that are kept. */
export const traceparentField = z
  .string()
  .regex(/^00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$/)
  .optional();
