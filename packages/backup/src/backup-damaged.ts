import type { Digest } from '@driftbox/domain';

const named = 10;

/** Objects of a backup that are missing or do not verify. Nothing was restored from it that depends on them. */
export class BackupDamaged extends Error {
  readonly digests: readonly Digest[];

  constructor(digests: readonly Digest[], options?: ErrorOptions) {
    const more = digests.length > named ? ` and ${digests.length - named} more` : '';
    super(`the backup is damaged: ${digests.slice(0, named).join(', ')}${more} missing or not what they were`, options);
    this.name = 'BackupDamaged';
    this.digests = digests;
  }
}
