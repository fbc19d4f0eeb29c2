import { z } from 'zod';
import { entryIdField } from '../../fields.ts';

/** The secret in a link's URL: 256 bits in base64url. */
export const linkTokenField = z.string().min(16).max(128);

/** What `unlockShared` answers, for links with a password; `driftbox-link-pass` may carry it, too. */
export const passQuery = z.object({ pass: z.string().max(200).optional() });

/** What is meant below a link's folder; without it the link's own entry. */
export const belowQuery = passQuery.extend({ entry: entryIdField.optional() });
