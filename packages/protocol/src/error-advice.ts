import type { ErrorCode } from './errors.ts';

/** What whoever receives a code should do, one or two sentences for people who write or run clients. */
export const errorAdvice: Readonly<Record<ErrorCode, string>> = {
  invalid_argument: 'Correct the request; `detail` and `details.issues` say what is wrong with it. Sending it again unchanged fails again.',
  unauthenticated: 'Refresh the access token and send the request once more; if that is refused too, sign in again.',
  permission_denied: 'Ask an owner or manager of the drive, or an administrator of the tenant, for the right.',
  tenant_suspended:
    'Keep what you have, the sign-in too, and try again now and then: everything is as it was once the platform resumes the tenant.',
  not_found: 'Look the path or id up again. What you may not see answers the same.',
  already_exists: 'Read what is there, or use another id or address.',
  proof_required:
    'Send the request again with the password of the account that has this address; or sign in as before, and link the issuer there.',
  revision_conflict: 'Read the current state, decide what should become of both versions, and send the change with the new `baseRev`.',
  name_taken: 'Use another name, or change the entry that has it (`entryId` names it).',
  moved: 'Send the operation to the drive that `drive` names.',
  chunk_missing: 'Send the chunks that `digests` names, whole, and commit again with a new idempotency key.',
  offset_mismatch: 'Ask with `HEAD` how far the upload is, and go on from there.',
  generation_superseded:
    'For administrators of the platform: drop this intent. `details.generation` says which one is kept, and a later one is taken.',
  not_suspended: 'For administrators of the platform: put the tenant with `suspended: true`, and ask again.',
  cursor_expired: 'List the drive from the beginning, and treat what is absent as deleted only where it was not edited here.',
  tenant_erased:
    'For administrators of the platform: use a new tenant id. An erased one never comes back; erasing it again answers the receipt.',
  version_unsupported: 'Speak a version that `Tus-Version` names, and say so in `Tus-Resumable`.',
  too_large: 'Split what is sent: the limits are in `GET /v1/capabilities`.',
  digest_mismatch: 'Read the bytes again, compute their SHA-256 and send them once more. If it persists, suspect memory, disk or a proxy.',
  idempotency_mismatch: 'Use a fresh idempotency key for each different request.',
  locked:
    'With `details.reason` `brake` the device is held because it deleted or rewrote improbably much: keep what you have, send ' +
    'nothing, and let a person accept or undo it (`driftbox brake`). Otherwise try again when the lock is gone.',
  rate_limited: 'Wait as long as `Retry-After` says, then send the same request again, with fewer at once.',
  checksum_mismatch: 'Send the same bytes again from the same offset: none of them were kept.',
  content_damaged:
    'Use another revision, and tell the administrator: `driftbox admin fsck` lists what is damaged; packs put back in the pool heal it.',
  internal: 'Tell the administrator the `requestId`: the log under it knows the cause.',
  unavailable: 'Wait as long as `Retry-After` says, or a second doubling each time, with jitter, and send the same request again.',
  quota_exceeded: 'Empty the trash, let old revisions expire, or ask for a larger quota; `details` says whose limit it is.',
};
