import { randomUUID } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { routes } from '@driftbox/protocol';
import { knowUser } from './testing/know-user.ts';
import { chunk, problem, useScene, type Scene } from './testing/scene.ts';

let scene: Scene;
useScene((made) => (scene = made));

async function check(limit = 100, repair = false) {
  const upload = scene.door.bare(scene.tenantId);
  const findings = [];
  let drives = 0;
  for (let after: string | undefined; ;) {
    const page = await upload.call(routes.checkDrives, { body: { limit, repair, ...(after === undefined ? {} : { after }) } });
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
    { problem: 'drive_ledger_drift', bytes: 7, files: 0, repaired: false },
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

/** Every line of every drive, and what everybody holds. */
async function ledgers(): Promise<unknown> {
  const { db, tenantId } = scene;
  const drives = await db.adminQuery(
    `SELECT drive_id, current_files, current_bytes, history_files, history_bytes, trash_files, trash_bytes FROM drives WHERE tenant = $1
     ORDER BY drive_id`,
    [tenantId],
  );
  const held = await db.adminQuery('SELECT holder_id, held_bytes, held_files FROM holdings WHERE tenant = $1 ORDER BY holder_id', [
    tenantId,
  ]);
  return { drives, held };
}

/** Trash of every kind on top of that: a file, a folder with what is in it, and a file whose folder was deleted after it; and history. */
async function livedMore(): Promise<void> {
  await lived();
  const { commit, folder, file } = scene;
  const outer = folder('outer');
  const [first, second, loose] = [
    file('first', [chunk('first')], { parentId: outer.entryId }),
    file('second', [chunk('second!')], { parentId: outer.entryId }),
    file('loose', [chunk('loose!!')]),
  ];
  await commit([outer, first, second, loose]);
  await commit([file('loose', [chunk('loose, edited')], { entryId: loose.entryId, baseRev: 1 })]);
  for (const { entryId } of [first, outer, loose]) {
    const { seq: seenSeq } = await scene.ada.user.call(routes.getDrive, scene.inDrive());
    await commit([{ op: 'delete', entryId, writeId: randomUUID(), baseRev: entryId === loose.entryId ? 2 : 1, seenSeq }]);
  }
}

test.each<[string, string]>([
  [
    'every line of a drive',
    'UPDATE drives SET current_files = 9, current_bytes = 9, trash_files = 9, trash_bytes = 9, history_bytes = 9 WHERE drive_id = $1',
  ],
  ['what a person holds', 'UPDATE holdings SET held_bytes = held_bytes + 5 FROM drives d WHERE d.drive_id = $1 AND holder_id = d.owner'],
  [
    'what the tenant holds',
    'UPDATE holdings SET held_bytes = 1, held_files = 1 FROM drives d WHERE d.drive_id = $1 AND holder_id = d.tenant',
  ],
  ['a holding that is gone', 'DELETE FROM holdings USING drives d WHERE d.drive_id = $1 AND holder_id = d.owner'],
])('%s, where it is off, is brought to what the rows say, and only when asked to', async (_what, harm) => {
  await livedMore();
  const before = await ledgers();
  expect(await check(100, true)).toMatchObject({ findings: [] });
  await scene.db.adminQuery(harm, [scene.drive]);
  const harmed = await ledgers();
  const { findings } = await check();
  expect(findings.length).toBeGreaterThan(0);
  expect(findings.map(({ repaired }) => repaired)).toEqual(findings.map(() => false));
  expect(await ledgers()).toEqual(harmed);
  const { findings: repaired } = await check(1, true);
  expect(repaired.map((one) => one.repaired)).toEqual(repaired.map(() => true));
  expect(await ledgers()).toEqual(before);
  expect((await check()).findings).toEqual([]);
});
