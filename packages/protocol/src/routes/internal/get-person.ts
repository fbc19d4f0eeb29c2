import { z } from 'zod';
import { emailField } from '../../fields.ts';
import { defineRoute } from '../../route.ts';

export const getPerson = defineRoute({
  name: 'getPerson',
  service: 'metadata',
  method: 'GET',
  path: '/internal/v1/person',
  summary: 'What metadata knows of the acting user; an address only once it is proven to be theirs',
  auth: 'service',
  answer: z.object({ name: z.string(), email: emailField.optional() }),
});
