import { StoreError } from '../store-error.ts';

const notFound = new Set(['NoSuchKey', 'NotFound']);
const full = new Set(['XMinioStorageFull', 'XMinioAdminBucketQuotaExceeded', 'QuotaExceeded', 'InsufficientStorage', 'EntityTooLarge']);
/** Failures of the set-up: the same call fails again until somebody changes something. */
const lasting = new Set([
  'AccessDenied',
  'AuthorizationHeaderMalformed',
  'InvalidAccessKeyId',
  'InvalidBucketName',
  'MethodNotAllowed',
  'NoSuchBucket',
  'NotImplemented',
  'SignatureDoesNotMatch',
]);

/** The code of an S3 error (Amazon S3 API reference, "Error responses"), or of the system below it. */
export function s3Code(error: unknown): string {
  const { code, name } = Object(error) as { code?: unknown; name?: unknown };
  return typeof code === 'string' && code !== '' ? code : String(name ?? 'unknown');
}

/**
 * Turns what minio threw into a `StoreError`; one that is a `StoreError` already stays as it is. What is not known to last
 * is transient: broken connections, timeouts, overload, and bytes that were damaged on their way and refused.
 */
export function fromS3Error(error: unknown, doing: string): StoreError {
  if (error instanceof StoreError) return error;
  const code = s3Code(error);
  const detail = error instanceof Error && error.message !== '' ? `${code}: ${error.message.slice(0, 200)}` : code;
  const message = `${doing}: ${detail}`;
  if (notFound.has(code)) return new StoreError('not_found', message, { cause: error });
  if (full.has(code)) return new StoreError('full', message, { cause: error });
  return new StoreError('unavailable', message, { cause: error, transient: !lasting.has(code) });
}
