import { z } from 'zod';
import { tenantIdField, timeField } from '../../fields.ts';

/** How far the erasing of a tenant has come in one service; once `erased`, this is the receipt and stays as it is. */
export const tenantErasure = z.object({
  tenantId: tenantIdField,
  /** `erasing`: there is more; ask again. Nothing of the tenant can be written since `requestedAt`. */
  state: z.enum(['erasing', 'erased']),
  requestedAt: timeField,
  erasedAt: timeField.optional(),
  /** Rows by table, and what else was erased by name, such as `objects` of the pool. What there was nothing of is left out. */
  erased: z.record(z.string(), z.number().int().min(0)),
});
export type TenantErasure = z.output<typeof tenantErasure>;
