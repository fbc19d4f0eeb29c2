import type { TenantId, UserId } from '@driftbox/domain';
import type { ErrorCode } from '@driftbox/protocol';

/** Why verify turns a request away: the code that the client gets to see. */
export type RefusalCode = Extract<ErrorCode, 'unauthenticated' | 'tenant_suspended' | 'not_found' | 'rate_limited' | 'unavailable'>;

/** What verify says of a request. */
export type Verdict =
  | {
      readonly kind: 'admitted';
      readonly tenantId: TenantId;
      readonly userId: UserId;
      /** What the services get instead of the client's `Authorization`, where that was Basic. */
      readonly exchanged: string | undefined;
    }
  | {
      readonly kind: 'refused';
      readonly code: RefusalCode;
      readonly retryAfterSeconds: number | undefined;
      /** For the log alone. */
      readonly cause: unknown;
    };

/** A refusal. */
export function refuse(code: RefusalCode, retryAfterSeconds?: number, cause?: unknown): Verdict {
  return { kind: 'refused', code, retryAfterSeconds, cause };
}
