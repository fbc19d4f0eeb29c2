/** A `Status` as the API server answers a refusal. */
export type Status = Readonly<Record<'kind' | 'apiVersion' | 'status' | 'reason' | 'message', string>> & { readonly code: number };

/** Builds one. */
export function statusOf(code: number, reason: string, message = reason): Status {
  return { kind: 'Status', apiVersion: 'v1', status: 'Failure', reason, message, code };
}
