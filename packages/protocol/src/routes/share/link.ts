import { z } from 'zod';
import { countField, driveIdField, entryIdField, linkRoleField, timeField, userIdField, uuidField } from '../../fields.ts';

/** How often a link lets somebody download at most. */
export const maxDownloadsField = z.number().int().min(1).max(1_000_000_000);
/** Protects a link beside its token. */
export const linkPasswordField = z.string().min(6, 'needs at least 6 characters').max(256);

/** A link as who manages it sees it. */
export const link = z.object({
  linkId: uuidField,
  /** Where it leads, relative to the address the client talks to; only for its creator. */
  path: z.string().optional(),
  drive: driveIdField,
  entryId: entryIdField,
  kind: z.enum(['file', 'folder']),
  role: linkRoleField,
  hasPassword: z.boolean(),
  createdAt: timeField,
  createdBy: userIdField,
  expiresAt: timeField.optional(),
  maxDownloads: countField.optional(),
  notifyOnUse: z.boolean(),
  /** `used_up`: it has been downloaded as often as it may. */
  state: z.enum(['active', 'expired', 'used_up']),
  downloads: countField,
  uploads: countField,
  lastUsedAt: timeField.optional(),
});
export type Link = z.output<typeof link>;
