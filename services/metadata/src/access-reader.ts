import type { TenantId } from '@driftbox/domain';
import type { Database } from '@driftbox/postgres';
import type { Asker } from './access-drive.ts';
import type { AccessRow } from './present-drive.ts';
import { readAccesses } from './store/read-access.ts';

type Question = {
  readonly asker: Asker;
  readonly resolve: (row: AccessRow | undefined) => void;
  readonly reject: (error: unknown) => void;
};

/** Questions answered by one query. */
const maxTogether = 500;

/**
 * Reads drives as users may know them, many at a time: while one query of a tenant runs, later questions wait and share
 * the next, so that a crowd of polls costs few queries. No answer is older than its question.
 */
export class AccessReader {
  readonly #database: Database;
  readonly #waiting = new Map<TenantId, Question[]>();

  constructor(database: Database) {
    this.#database = database;
  }

  /** Questions that wait for the next query of their tenant. */
  get waiting(): number {
    return [...this.#waiting.values()].reduce((sum, { length }) => sum + length, 0);
  }

  /** The drive's row, or `undefined` for who may not know of it. Fails as a query does. */
  read(asker: Asker): Promise<AccessRow | undefined> {
    return new Promise((resolve, reject) => {
      const question = { asker, resolve, reject };
      const waiting = this.#waiting.get(asker.tenantId);
      if (waiting !== undefined) {
        waiting.push(question);
        return;
      }
      this.#waiting.set(asker.tenantId, []);
      void this.#answerAll(asker.tenantId, [question]);
    });
  }

  async #answerAll(tenantId: TenantId, first: Question[]): Promise<void> {
    for (let questions = first; questions.length > 0; questions = this.#waiting.get(tenantId)?.splice(0, maxTogether) ?? []) {
      await this.#answer(tenantId, questions);
    }
    this.#waiting.delete(tenantId);
  }

  async #answer(tenantId: TenantId, questions: readonly Question[]): Promise<void> {
    const drives = questions.map(({ asker }) => asker.driveId);
    const users = questions.map(({ asker }) => asker.userId);
    try {
      const { rows } = await this.#database.withTenant<AccessRow & { readonly subject: string }>(tenantId, readAccesses, [
        tenantId,
        drives,
        users,
      ]);
      const found = new Map(rows.map((row) => [`${row.drive_id} ${row.subject}`, row]));
      for (const { asker, resolve } of questions) resolve(found.get(`${asker.driveId} ${asker.userId}`));
    } catch (error) {
      for (const { reject } of questions) reject(error);
    }
  }
}
