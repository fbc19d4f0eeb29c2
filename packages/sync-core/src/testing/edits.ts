import assert from 'node:assert/strict';
import fc from 'fast-check';
import { livePath } from '@driftbox/domain';
import type { EntryId, Place } from '@driftbox/domain';
import { temporaryPlace } from '../temporary-name.ts';
import type { SyncBody, TreeEntry } from '../tree.ts';
import { digestOf, rootId } from './ids.ts';
import { contentOf, fileOf, remoteOf } from './world.ts';
import type { World } from './world.ts';

const actions = [
  'file',
  'file',
  'folder',
  'folder',
  'link',
  'edit',
  'edit',
  'scribble',
  'touch',
  'move',
  'move',
  'move',
  'rename',
  'swap',
  'invert',
  'strand',
  'delete',
  'delete',
  'replace',
  'save',
] as const;

/** Some numbers that become an edit once the tree it meets is known. */
export type Edit = {
  readonly side: 'local' | 'remote';
  readonly action: (typeof actions)[number];
  readonly target: number;
  readonly other: number;
  readonly name: string;
  readonly content: number;
};

const names = ['a', 'b', 'c', 'A', 'b:'];

/** Edits among few names and contents, so that everything meets everything. */
export const edits = (side: Edit['side'] | undefined, maxLength: number): fc.Arbitrary<Edit[]> =>
  fc.array(
    fc.record({
      side: side === undefined ? fc.constantFrom('local' as const, 'remote' as const) : fc.constant(side),
      action: fc.constantFrom(...actions),
      target: fc.nat(30),
      other: fc.nat(30),
      name: fc.constantFrom(...names),
      content: fc.integer({ min: 1, max: 6 }),
    }),
    { maxLength, size: 'max' },
  );

/** One side as an editor sees it; every method throws when it is not possible. */
export type Editor = {
  readonly entries: () => TreeEntry[];
  readonly make: (place: Place, body: SyncBody) => EntryId;
  readonly write: (entryId: EntryId, body: SyncBody) => void;
  readonly move: (entryId: EntryId, place: Place) => void;
  readonly delete: (entryId: EntryId) => void;
};

/** Makes an edit, or not if it is not possible there. */
export function makeEdit(world: World, edit: Edit): void {
  const editor = edit.side === 'local' ? localEditor(world) : remoteEditor(world);
  const entries = editor.entries().sort((a, b) => (a.entryId < b.entryId ? -1 : 1));
  const folders = [rootId, ...entries.filter(({ body }) => body.kind === 'folder').map(({ entryId }) => entryId)];
  const target = entries[edit.target % Math.max(1, entries.length)];
  const other = entries[edit.other % Math.max(1, entries.length)];
  const place = { parentId: folders[edit.other % folders.length]!, name: edit.name };
  try {
    make(world, editor, edit, place, target, other);
  } catch (error) {
    if (!(error instanceof assert.AssertionError)) throw error;
  }
}

function make(world: World, editor: Editor, edit: Edit, place: Place, target?: TreeEntry, other?: TreeEntry): void {
  const { action, content } = edit;
  if (action === 'file') editor.make(place, fileOf(content));
  if (action === 'folder') editor.make(place, { kind: 'folder' });
  if (action === 'link') editor.make(place, { kind: 'symlink', target: `t${content}` });
  if (target === undefined || other === undefined) return;
  switch (action) {
    case 'file':
    case 'folder':
    case 'link':
      return;
    case 'edit':
      return editor.write(
        target.entryId,
        target.body.kind === 'symlink' ? { kind: 'symlink', target: `t${edit.content}` } : fileOf(edit.content, edit.content),
      );
    case 'scribble':
      return edit.side === 'local' ? world.disk.scribble(target.entryId, digestOf(edit.content)) : undefined;
    case 'touch':
      return touch(editor, target, edit.content);
    case 'move':
      return editor.move(target.entryId, place);
    case 'rename':
      return editor.move(target.entryId, { parentId: target.parentId, name: edit.name });
    case 'swap':
      return swap(editor, target, other);
    case 'invert':
      return invert(editor, target, other);
    case 'strand':
      // Somebody began to swap names on the server, and was never seen again.
      return edit.side === 'remote' ? editor.move(target.entryId, temporaryPlace(rootId, target.entryId)) : undefined;
    case 'delete':
      return editor.delete(target.entryId);
    case 'replace':
      editor.delete(target.entryId);
      return void editor.make(target, target.body.kind === 'folder' ? fileOf(edit.content) : { kind: 'folder' });
    case 'save':
      // As some editors do: another file in place of the old one.
      editor.delete(target.entryId);
      return void editor.make(target, target.body.kind === 'file' ? fileOf(edit.content) : target.body);
  }
}

function touch(editor: Editor, { entryId, body }: TreeEntry, content: number): void {
  assert.ok(body.kind === 'file');
  editor.write(entryId, { ...body, mtimeMs: content, executable: content > 3 });
}

function swap(editor: Editor, a: TreeEntry, b: TreeEntry): void {
  assert.ok(a.entryId !== b.entryId);
  editor.move(a.entryId, { parentId: rootId, name: 'swapping' });
  editor.move(b.entryId, a);
  editor.move(a.entryId, b);
}

/** Puts a folder into one that was in it. */
function invert(editor: Editor, outer: TreeEntry, inner: TreeEntry): void {
  assert.ok(outer.entryId !== inner.entryId && outer.body.kind === 'folder' && inner.body.kind === 'folder');
  editor.move(inner.entryId, { parentId: rootId, name: 'inverting' });
  editor.move(outer.entryId, { parentId: inner.entryId, name: inner.name });
  editor.move(inner.entryId, outer);
}

export function localEditor(world: World): Editor {
  const { disk } = world;
  return {
    entries: () => [...disk.tree.rows.values()],
    make: (place, body) => {
      const entryId = world.freshId();
      disk.make(entryId, place, body);
      return entryId;
    },
    write: (entryId, body) => disk.write(entryId, body),
    move: (entryId, place) => disk.move(entryId, place),
    delete: (entryId) => {
      disk.must(entryId);
      disk.tree.dropTree(entryId);
    },
  };
}

export function remoteEditor(world: World): Editor {
  const { drive } = world;
  const must = (operation: Parameters<World['commit']>[0]) => assert.equal(world.commit(operation).outcome, 'committed');
  const revOf = (entryId: EntryId) => drive.entries.get(entryId)!.rev;
  const put = (entryId: EntryId, body: SyncBody, baseRev: number | null, place?: Place) => {
    const at = place && { parentId: place.parentId, name: place.name };
    if (body.kind === 'symlink') must({ op: 'putSymlink', entryId, baseRev, ...at, target: body.target, mtimeMs: 0 });
    else if (body.kind === 'folder') must({ op: 'createFolder', entryId, ...at! });
    else if (body.kind === 'mount') must({ op: 'putMount', entryId, ...at!, drive: body.drive });
    else must({ ...body, op: 'putFile', entryId, baseRev, ...at, content: contentOf(body.listId!) });
  };
  return {
    entries: () =>
      [...drive.entries.keys()].filter((id) => livePath(drive, id) !== undefined).map((id) => remoteOf(drive.entries.get(id)!)),
    make: (place, body) => {
      const entryId = world.freshId();
      put(entryId, body, null, place);
      return entryId;
    },
    write: (entryId, body) => put(entryId, body, revOf(entryId)),
    move: (entryId, { parentId, name }) => must({ op: 'move', entryId, parentId, name, baseRev: revOf(entryId) }),
    delete: (entryId) => must({ op: 'delete', entryId, baseRev: revOf(entryId), seenSeq: drive.drive.seq }),
  };
}
