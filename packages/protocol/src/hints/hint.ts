import type { z } from 'zod';
import { head } from './head.ts';
import { defineMessage } from './message.ts';
import { traceparentField } from './traceparent-field.ts';

export const hint = defineMessage({
  name: 'hint',
  from: 'server',
  summary: 'A drive has moved on at least this far. May be lost, late, doubled, or stand for several commits',
  payload: head.extend({ traceparent: traceparentField }),
});
/** A head as a socket is told of it. */
export type ToldHead = z.output<typeof hint.payload>;
