import { z } from 'zod';
import { driveIdField } from '../fields.ts';
import { maxHeads } from './head.ts';
import { defineMessage } from './message.ts';

export const drives = defineMessage({
  name: 'drives',
  from: 'server',
  summary: 'These drives came to the user, or went: ask for the list of drives again',
  payload: z.object({ changed: z.array(driveIdField).max(2 * maxHeads) }),
});
