import { z } from 'zod';
import { entryIdField, roleField, uuidField } from '../../fields.ts';

/** What upload learns when it asks whether the acting user may read or write a drive. */
export const driveAccess = z.object({ driveEpoch: uuidField, rootId: entryIdField, role: roleField });
