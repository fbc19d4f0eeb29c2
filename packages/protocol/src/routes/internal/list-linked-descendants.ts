import { z } from 'zod';
import { driveIdField, entryIdField, pageOf, pageQuery } from '../../fields.ts';
import { defineRoute } from '../../route.ts';
import { linkedEntry } from './linked-entry.ts';

export const listLinkedDescendants = defineRoute({
  name: 'listLinkedDescendants',
  service: 'metadata',
  method: 'GET',
  path: '/internal/v1/drives/:drive/entries/:entry/linked/descendants',
  summary: 'The files and folders below a folder, parents first, for the holder of a link',
  auth: 'service',
  params: z.object({ drive: driveIdField, entry: entryIdField }),
  query: pageQuery(1000, 10_000),
  answer: pageOf(linkedEntry.extend({ parentId: entryIdField })),
  errors: ['not_found'],
});
