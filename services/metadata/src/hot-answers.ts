import { createHash } from 'node:crypto';
import { schemaHash } from '@driftbox/protocol';
import { writtenJson, type CountLookup, type Reply } from '@driftbox/service-kit';
import { can } from '@driftbox/domain';
import type { Asker } from './access-drive.ts';
import type { AccessReader } from './access-reader.ts';
import type { AnswerStore } from './answer-store.ts';
import type { AccessRow } from './present-drive.ts';

/** Larger answers are not kept: a few of them would drive out all others. */
const mostBytes = 1 << 20;

/** What hot answers are made of; without a store each answer is made. */
export type HotAnswersOptions = {
  readonly store: AnswerStore | undefined;
  readonly access: AccessReader;
  readonly count: CountLookup;
};

/**
 * Answers to what many ask about a drive while it stays as it is. Who may ask, and how far the drive has come, is read from the
 * database each time; an answer is kept under the drive's epoch and newest `seq`, so that it ends with the next commit, and nobody
 * who has seen a commit is answered from before it. An answer made while a commit came in may be newer than its key, never older.
 */
export class HotAnswers {
  readonly #store: AnswerStore | undefined;
  readonly #access: AccessReader;
  readonly #count: CountLookup;
  /** Two versions of the software may share a store, and neither is given what the other wrote. */
  readonly #form = schemaHash().slice(0, 12);

  constructor({ store, access, count }: HotAnswersOptions) {
    this.#store = store;
    this.#access = access;
    this.#count = count;
  }

  /**
   * The answer to a question about a drive, which is told from others by its parts, for who may read the drive. `make` answers it
   * from the database, and checks for itself who asks. `known` is the drive if it was just read. Fails as `make` does.
   */
  async answer<Answer>(
    asker: Asker,
    question: readonly unknown[],
    make: () => Promise<Answer>,
    known?: AccessRow,
  ): Promise<Answer | Reply> {
    const store = this.#store;
    if (store === undefined) return make();
    const drive = known ?? (await this.#access.read(asker));
    // Who has no role on the drive may have one on an entry, and is answered alone.
    if (drive === undefined || !can(drive, 'read', drive)) return make();
    const key = [this.#form, asker.tenantId, asker.driveId, drive.epoch, drive.seq, digestOf(question)].join(':');
    const kept = await store.get(key);
    this.#count(kept !== undefined);
    if (kept !== undefined) return writtenJson(kept);
    const answer = Buffer.from(JSON.stringify(await make()));
    if (answer.length <= mostBytes) store.put(key, answer);
    return writtenJson(answer);
  }
}

function digestOf(question: readonly unknown[]): string {
  return createHash('sha256').update(JSON.stringify(question)).digest('base64url');
}
