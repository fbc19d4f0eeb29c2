import { z } from 'zod';
import { driveIdField, entryIdField, pageOf, pageQuery } from '../../fields.ts';
import { defineRoute } from '../../route.ts';
import { linkedEntry } from './linked-entry.ts';

export const listLinkedChildren = defineRoute({
  name: 'listLinkedChildren',
  service: 'metadata',
  method: 'GET',
  path: '/internal/v1/drives/:drive/entries/:entry/linked/children',
  summary: 'The files and folders in a folder, by name, for the holder of a link',
  auth: 'service',
  params: z.object({ drive: driveIdField, entry: entryIdField }),
  query: pageQuery(1000, 10_000),
  answer: pageOf(linkedEntry),
  errors: ['not_found'],
});
