import { z } from 'zod';
import { secretName } from '../schema/fields.ts';
import { ruled } from '../schema/rule.ts';
import { exactlyOne, fixed, sameChoice } from '../schema/rules.ts';

const keysStay = 'what is encrypted could not be read any more; change the keys inside the Secret';

/** What wraps data keys: without it no content can be read. */
export const keyManager = ruled(
  z.strictObject({
    generated: z.strictObject({}).optional().describe('Keys that the operator makes once and keeps in a Secret of its namespace.'),
    secret: secretName.optional().describe("Secret in the operator's namespace with the key keys.json, made by an administrator."),
  }),
  exactlyOne('generated', 'secret'),
  sameChoice(['generated', 'secret'], keysStay),
  fixed('secret', keysStay),
);
