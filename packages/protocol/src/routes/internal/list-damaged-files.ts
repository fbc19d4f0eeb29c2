import { z } from 'zod';
import { driveIdField, entryIdField, revField } from '../../fields.ts';
import { defineRoute } from '../../route.ts';

export const listDamagedFiles = defineRoute({
  name: 'listDamagedFiles',
  service: 'upload',
  method: 'GET',
  path: '/internal/v1/drives/:drive/linked/damaged',
  summary: 'Revisions of files of a drive that are known to be damaged, and still are, for the holder of a link',
  auth: 'service',
  params: z.object({ drive: driveIdField }),
  answer: z.object({ revisions: z.array(z.object({ entryId: entryIdField, rev: revField })) }),
  errors: ['not_found'],
});
