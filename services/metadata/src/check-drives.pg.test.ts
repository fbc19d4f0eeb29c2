import { randomUUID } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { routes } from '@driftbox/protocol';
import { knowUser } from './testing/know-user.ts';
import { chunk, problem, useScene, type Scene } from './testing/scene.ts';

let scene: Scene;
useScene((made) => (scene = made));

async function check(limit = 100) {
  const upload = scene.door.bare(scene.tenantId);
  const findings = [];
  let drives = 0;
  for (let after: string | undefined; ;) {
    const page = await upload.call(routes.checkDrives, { body: { limit, ...(after === undefined ? {} : { after }) } });
    findings.push(...page.findings);
    drives += page.drives;
    after = page.last;
    if (after === undefined) return { drives, findings };
  }
}

/** A tenant whose people edited, deleted, purged, and made a drive of a folder, which took entries from one drive to another. */
async function lived(): Promise<void> {
  const { ada, commit, folder, file, db, tenantId, drive, inDrive } = scene;
  await knowUser(db, tenantId, ada.userId, 'ada');
  const docs = folder('docs');
  const [inside, gone] = [file('a', [chunk('a')], { parentId: docs.entryId }), file('gone', [chunk('gone')])];
  await commit([docs, inside, gone, file('stays', [chunk('stays')])]);
  const on = { entryId: gone.entryId };
  await commit([
    { op: 'delete', ...on, writeId: randomUUID(), baseRev: 1, seenSeq: 4 },
    { op: 'purge', ...on, writeId: randomUUID() },
  ]);
  const { seq: seenSeq } = await ada.user.call(routes.getDrive, inDrive());
  await ada.user.call(routes.createDrive, { body: { from: { drive, entryId: docs.entryId, baseRev: 1, seenSeq } } });
}

test('nothing is wrong with drives that people worked in, however few are looked at in one call', async () => {
  await lived();
  expect(await check()).toEqual({ drives: 2, findings: [] });
  expect(await check(1)).toEqual({ drives: 2, findings: [] });
  await expect(scene.ada.user.call(routes.checkDrives, { body: { limit: 1 } })).rejects.toEqual(problem('unauthenticated'));
});

test.each<[string, string, object]>([
  ['a change that is missing', 'DELETE FROM changes WHERE drive_id = $1 AND seq = 2', { problem: 'journal_gap', changes: 1, firstSeq: 2 }],
  ['the first two', 'DELETE FROM changes WHERE drive_id = $1 AND seq <= 2', { problem: 'journal_gap', changes: 2, firstSeq: 1 }],
  ['an end that is cut off', 'DELETE FROM changes WHERE drive_id = $1 AND seq >= 6', { problem: 'journal_gap', firstSeq: 6 }],
  ['a revision that is missing', `DELETE FROM revisions WHERE drive_id = $1 AND name = 'stays'`, { problem: 'tree_broken', entries: 1 }],
  ['an entry ahead of the journal', `UPDATE entries SET seq = 99 WHERE drive_id = $1 AND name = 'stays'`, { problem: 'tree_broken' }],
  [
    'an entry in no folder',
    `UPDATE entries SET parent_id = entry_id WHERE drive_id = $1 AND name = 'stays'`,
    { problem: 'tree_broken', entries: 1 },
  ],
  [
    'a line that is off',
    'UPDATE drives SET history_bytes = history_bytes + 7 WHERE drive_id = $1',
    { problem: 'drive_ledger_drift', bytes: 7, files: 0 },
  ],
])('%s is found, with its drive', async (_what, harm, found) => {
  await lived();
  await scene.db.adminQuery(harm, [scene.drive]);
  const { findings } = await check();
  expect(findings).toContainEqual(expect.objectContaining({ ...found, drive: scene.drive, owner: scene.ada.userId }));
});

test('what a year of retention took from the journal is no gap', async () => {
  await lived();
  const { db, tenantId } = scene;
  await db.adminQuery(`UPDATE revisions SET made_at = now() - interval '2 years' WHERE tenant = $1`, [tenantId]);
  await db.adminQuery(`UPDATE drives SET created_at = now() - interval '2 years' WHERE tenant = $1`, [tenantId]);
  await db.adminQuery('DELETE FROM changes WHERE drive_id = $1 AND seq = 2', [scene.drive]);
  expect((await check()).findings).toEqual([]);
});
