import { Upload, type UploadOptions } from 'tus-js-client';
import type { ApiUser } from './api-user.ts';

/** Where a file goes, and whose it is. */
export type TusPlace = {
  readonly address: string;
  readonly drive: string;
  readonly token: string;
  /** Names the tenant where it is not the one of the address. */
  readonly host?: string;
  readonly path: string;
};

/** An upload by the unmodified client of tus, of some bytes to a path of a user's home drive. */
export type TusUpload = {
  /** Rejects with what the client gave up for. */
  readonly done: Promise<void>;
  /** As if the client's process had died: nothing more is sent, and nothing told. */
  abandon(): void;
  /** Where the file is begun, once it is. */
  url(): string | undefined;
};

/** Bytes that one request carries. */
const requestBytes = 4 * 2 ** 20;

/** What every client here is told: where to, in which pieces, and to try again for a minute. */
export function tusOptions({ address, drive, token, host, path }: TusPlace): UploadOptions {
  return {
    endpoint: `${address}/v1/drives/${drive}/uploads`,
    headers: { authorization: `Bearer ${token}`, ...(host === undefined ? {} : { host }) },
    metadata: { path },
    chunkSize: requestBytes,
    retryDelays: Array.from({ length: 240 }, () => 250),
  };
}

/** Starts one; `more` are options of the client. */
export function startTusUpload(address: string, user: ApiUser, path: string, bytes: Buffer, more: Partial<UploadOptions> = {}): TusUpload {
  const { promise: done, resolve, reject } = Promise.withResolvers<void>();
  const upload = new Upload(bytes, {
    ...tusOptions({ address, drive: user.drive.drive, token: user.accessToken, path }),
    onSuccess: () => resolve(),
    onError: reject,
    ...more,
  });
  upload.start();
  return { done, url: () => upload.url ?? undefined, abandon: () => void upload.abort() };
}
