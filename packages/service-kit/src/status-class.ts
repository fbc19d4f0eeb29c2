import { isFailure } from '@driftbox/protocol';

/** The label of a status in metrics: its class, of which 5xx are failures and nothing else; 507, which is none, stands for itself. */
export function statusClass(status: number): string {
  return status < 500 || isFailure(status) ? `${Math.floor(status / 100)}xx` : String(status);
}
