import { randomUUID } from 'node:crypto';
import { afterEach, describe, expect, test } from '@jest/globals';
import { parseDriveId, parseTenantId, parseUserId, type DriveId } from '@driftbox/domain';
import type { Head } from '@driftbox/protocol';
import { newId, waitFor } from '@driftbox/testkit';
import { HeadMap } from './head-map.ts';
import { joinMember } from './join-member.ts';
import type { Listener } from './member.ts';
import { Members, type MembersOptions } from './members.ts';

const tenantId = newId(parseTenantId);
const userId = newId(parseUserId);
const driveEpoch = randomUUID();
const headOf = (seq = 0): Head => ({ drive: newId(parseDriveId), driveEpoch, seq });
const open: Members[] = [];
afterEach(() => open.splice(0).forEach((members) => members.close()));

/** Members over lists that the test sets, each question answered when the test lets it be. */
function scene(options: Partial<MembersOptions> = {}) {
  const heads = new HeadMap();
  const questions: { token: string; answer: (list: readonly Head[]) => void; fail: (error: Error) => void }[] = [];
  const listDrives = (token: string): Promise<readonly Head[]> =>
    new Promise((resolve, reject) => void questions.push({ token, answer: resolve, fail: reject }));
  const members = new Members({ heads, listDrives, lingerMs: 60_000, retryMs: 1, ...options });
  open.push(members);
  const changes: DriveId[][] = [];
  const listener: Listener = {
    offer: () => {},
    drivesChanged: (changed) => void changes.push([...changed]),
    token: () => 'the newest token',
  };
  const load = (token = 'a token') => members.load(tenantId, userId, token);
  return { heads, members, questions, listener, changes, load };
}

describe('a member', () => {
  test('is loaded by one question, however many come at once and later', async () => {
    const { members, questions, load, listener } = scene();
    const loading = [load('one'), load('two'), load('three')];
    const home = headOf(3);
    questions[0]!.answer([home]);
    const [first, ...others] = await Promise.all(loading);
    expect(others).toEqual([first, first]);
    members.join(first!, listener);
    expect([await load(), members.headsOf(first!), questions.length]).toEqual([first, [home], 1]);
  });

  test('that could not be loaded is loaded anew by the next who comes', async () => {
    const { members, questions, load } = scene();
    const failed = load();
    questions[0]!.fail(new Error('away'));
    await expect(failed).rejects.toThrow('away');
    expect(members.size).toBe(0);
    const loaded = load();
    questions[1]!.answer([]);
    expect(await loaded).toMatchObject({ tenantId, userId, drives: [] });
  });

  test('is forgotten a while after its last listener left, and its drives with it', async () => {
    const { heads, members, questions, load, listener } = scene({ lingerMs: 5 });
    const loading = load();
    questions[0]!.answer([headOf()]);
    const member = await loading;
    members.join(member, listener);
    expect(heads.size).toBe(1);
    members.leave(member, listener);
    await waitFor(() => members.size === 0);
    expect([heads.size, [...members.ofDrive(tenantId, headOf().drive)]]).toEqual([0, []]);
    expect(members.join(member, listener)).toBe(false);
    const joined = joinMember(members, { tenantId, userId, token: 't' }, listener);
    await waitFor(() => questions.length === 2);
    questions[1]!.answer([]);
    expect(await joined).not.toBe(member);
  });
});

describe('a refresh', () => {
  test('asks with a token of whoever listens, and tells what came and went', async () => {
    const { heads, members, questions, load, listener, changes } = scene();
    const [kept, gone, came] = [headOf(1), headOf(2), headOf(3)];
    const loading = load();
    questions[0]!.answer([kept, gone]);
    const member = await loading;
    const tag = members.tagOf(member);
    members.join(member, listener);
    members.refresh(member);
    expect(questions[1]!.token).toBe('the newest token');
    questions[1]!.answer([{ ...kept, seq: 5 }, came]);
    await waitFor(() => changes.length > 0);
    expect(changes).toEqual([[gone.drive, came.drive]]);
    expect(members.headsOf(member).toSorted((a, b) => a.seq - b.seq)).toEqual([came, { ...kept, seq: 5 }]);
    expect([...members.ofDrive(tenantId, gone.drive)]).toEqual([]);
    expect([...members.ofDrive(tenantId, came.drive)]).toEqual([member]);
    expect([heads.size, members.tagOf(member) === tag]).toEqual([2, false]);
  });

  test('during another one leads to one more, so that the newest list counts', async () => {
    const { members, questions, load, listener, changes } = scene();
    const loading = load();
    questions[0]!.answer([]);
    const member = await loading;
    members.join(member, listener);
    for (let times = 0; times < 4; times += 1) members.refresh(member);
    const shared = headOf();
    questions[1]!.answer([shared]);
    await waitFor(() => questions.length === 3);
    questions[2]!.answer([]);
    await waitFor(() => changes.length === 2);
    expect([member.drives, questions.length]).toEqual([[], 3]);
  });

  test('during the first load is not lost', async () => {
    const { members, questions, load, listener } = scene();
    const joined = joinMember(members, { tenantId, userId, token: 't' }, listener);
    members.refresh(members.ofUser(tenantId, userId)!);
    questions[0]!.answer([]);
    await waitFor(() => questions.length === 2);
    const shared = headOf();
    questions[1]!.answer([shared]);
    expect((await joined).drives).toEqual([shared.drive]);
    await expect(load()).resolves.toBe(await joined);
  });

  test('that fails is tried again, and tells what went wrong', async () => {
    const errors: unknown[] = [];
    const { members, questions, load, listener, changes } = scene({ onError: (error) => errors.push(error) });
    const loading = load();
    questions[0]!.answer([]);
    members.join(await loading, listener);
    members.refresh(await loading);
    questions[1]!.fail(new Error('away'));
    await waitFor(() => questions.length === 3);
    questions[2]!.answer([headOf()]);
    await waitFor(() => changes.length === 1);
    expect(errors).toEqual([new Error('away')]);
  });

  test('of a member whom nobody listens for makes the next who comes ask anew', async () => {
    const { members, questions, load } = scene();
    const loading = load();
    questions[0]!.answer([]);
    members.refresh(await loading);
    expect([members.size, questions.length]).toEqual([0, 1]);
  });
});
