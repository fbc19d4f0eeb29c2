import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import type { Client } from '@driftbox/api-client';
import { parseUploadId } from '@driftbox/domain';
import type { UploadId } from '@driftbox/domain';
import { Problem, routes } from '@driftbox/protocol';
import type { Drive } from '@driftbox/protocol';
import { newId } from '@driftbox/transfer';

/** Less than the day after which servers forget an upload. */
const keptMs = 20 * 3_600_000;

/** The upload that large files are sent ahead in. Its id is written down, so that a killed transfer is gone on with. */
export class OpenUpload {
  readonly #file: string;
  #id: UploadId | undefined;
  /** True when an earlier run left it: chunks may be on the server. */
  readonly resumed: boolean;

  constructor(file: string) {
    this.#file = file;
    this.#id = readId(file);
    this.resumed = this.#id !== undefined;
  }

  get opened(): boolean {
    return this.#id !== undefined;
  }

  /** The upload's id, made and written down when first asked for. */
  id(): UploadId {
    if (this.#id !== undefined) return this.#id;
    this.#id = newId(parseUploadId);
    writeFileSync(`${this.#file}.new`, JSON.stringify({ uploadId: this.#id, startedAt: new Date().toISOString() }), { mode: 0o600 });
    renameSync(`${this.#file}.new`, this.#file);
    return this.#id;
  }

  /** Everything that needed it is committed: closes it on the server, and forgets it. */
  async close(client: Client, drive: Drive): Promise<void> {
    const upload = this.#id;
    if (upload === undefined) return;
    rmSync(this.#file, { force: true });
    await client.call(routes.closeUpload, { params: { drive: drive.drive, upload } }).catch((error: unknown) => {
      // It expires by itself; what matters is committed.
      if (!(error instanceof Problem)) throw error;
    });
  }
}

function readId(file: string): UploadId | undefined {
  try {
    const { uploadId, startedAt } = JSON.parse(readFileSync(file, 'utf8')) as { uploadId: string; startedAt: string };
    return Date.now() - Date.parse(startedAt) < keptMs ? parseUploadId(uploadId) : undefined;
  } catch {
    // Missing or damaged: then there is nothing to go on with.
    return undefined;
  }
}
