import { head } from './head.ts';
import { defineMessage } from './message.ts';

export const hint = defineMessage({
  name: 'hint',
  from: 'server',
  summary: 'A drive has moved on at least this far. May be lost, late, doubled, or stand for several commits',
  payload: head,
});
