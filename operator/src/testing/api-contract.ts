import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { waitFor } from '@driftbox/testkit';
import { expectOk } from '../runtime/api/answer.ts';
import type { Api, Selection } from '../runtime/api/api.ts';
import type { KubeObject, ResourceKind } from '../runtime/api/object.ts';
import type { WatchEnd, WatchEvent } from '../runtime/api/watch-event.ts';
import { configMap, configMapKind, type ConfigMap } from './config-map.ts';

/** A server to hold to the contract. */
export type ContractSubject = AsyncDisposable & {
  readonly api: Api;
  /** An empty namespace of the test's own. */
  readonly namespace: string;
  /** A kind, and a version so old that its history is gone; makes it so if need be. */
  readonly forget: () => Promise<{ readonly kind: ResourceKind; readonly resourceVersion: string }>;
};

type Told = { readonly events: WatchEvent<ConfigMap>[]; readonly ended: Promise<WatchEnd>; stop(): void };

/** What the runtime counts on of an API server, whether it is a real one or the tests' own. */
export function apiContract(name: string, open: () => Promise<ContractSubject>): void {
  let subject: ContractSubject;
  const at = (object: string): { namespace: string; name: string } => ({ namespace: subject.namespace, name: object });
  const create = async (object: string, value: string, labels = {}): Promise<ConfigMap> =>
    expectOk(await subject.api.create(configMapKind, configMap(subject.namespace, object, value, labels)), 'creating');
  const all = async (): Promise<{ items: readonly ConfigMap[]; resourceVersion: string }> =>
    expectOk(await subject.api.list<ConfigMap>(configMapKind, { namespace: subject.namespace }), 'listing');

  function watch(resourceVersion: string, selection: Selection = {}, timeoutSeconds = 30): Told {
    const events: WatchEvent<ConfigMap>[] = [];
    const stopping = new AbortController();
    const options = { resourceVersion, timeoutSeconds, idleTimeoutMs: 20_000, signal: stopping.signal };
    const take = (event: WatchEvent<ConfigMap>): void => void (event.type === 'BOOKMARK' || events.push(event));
    const ended = subject.api.watch<ConfigMap>(configMapKind, { namespace: subject.namespace, ...selection }, options, take);
    return { events, ended, stop: () => stopping.abort() };
  }
  const told = ({ events }: Told): string[] =>
    events.map((event) => (event.type === 'BOOKMARK' ? '' : `${event.type} ${event.object.metadata.name} ${event.object.data?.['value']}`));

  beforeEach(async () => void (subject = await open()));
  afterEach(async () => subject[Symbol.asyncDispose]());

  describe(`${name}: objects`, () => {
    test('one that is made is there, with uid and version, once', async () => {
      const made = await create('a', '1');
      expect(made.metadata).toMatchObject({ name: 'a', uid: expect.any(String), resourceVersion: expect.any(String) });
      expect(expectOk(await subject.api.get<ConfigMap>(configMapKind, at('a')), 'reading').metadata.uid).toBe(made.metadata.uid);
      expect((await subject.api.create(configMapKind, configMap(subject.namespace, 'a', '2'))).kind).toBe('alreadyExists');
    });

    test('what is not there is not found', async () => {
      expect((await subject.api.get(configMapKind, at('none'))).kind).toBe('notFound');
      expect((await subject.api.delete(configMapKind, at('none'))).kind).toBe('notFound');
      expect((await subject.api.replace(configMapKind, configMap(subject.namespace, 'none', '1'))).kind).toBe('notFound');
    });

    test('one without a proper name is invalid', async () => {
      expect((await subject.api.create(configMapKind, configMap(subject.namespace, 'No_Name', '1'))).kind).toBe('invalid');
    });

    test('it is replaced only by who knows its newest version', async () => {
      const made = await create('a', '1');
      const second = expectOk(await subject.api.replace<ConfigMap>(configMapKind, { ...made, data: { value: '2' } }), 'replacing');
      expect(second.data).toEqual({ value: '2' });
      expect(second.metadata.uid).toBe(made.metadata.uid);
      expect((await subject.api.replace(configMapKind, { ...made, data: { value: '3' } })).kind).toBe('conflict');
    });

    test('deleted and made anew it is another one, which nobody deletes who means the first', async () => {
      const { uid } = (await create('a', '1')).metadata;
      expectOk(await subject.api.delete(configMapKind, at('a'), { uid }), 'deleting');
      const anew = await create('a', '2');
      expect(anew.metadata.uid).not.toBe(uid);
      expect((await subject.api.delete(configMapKind, at('a'), { uid })).kind).toBe('conflict');
    });
  });

  describe(`${name}: lists`, () => {
    test('pages show one state, whatever happens between them', async () => {
      for (const name of ['a', 'b', 'c', 'd', 'e']) await create(name, '1');
      const selection = { namespace: subject.namespace };
      const first = expectOk(await subject.api.list<ConfigMap>(configMapKind, selection, { limit: 2 }), 'listing');
      await create('bb', '1');
      await subject.api.delete(configMapKind, at('d'));
      const names = first.items.map(({ metadata }) => metadata.name);
      for (let page = first; page.continueToken !== undefined;) {
        page = expectOk(
          await subject.api.list<ConfigMap>(configMapKind, selection, { limit: 2, continueToken: page.continueToken }),
          'listing on',
        );
        expect(page.resourceVersion).toBe(first.resourceVersion);
        names.push(...page.items.map(({ metadata }) => metadata.name));
      }
      expect(names).toEqual(['a', 'b', 'c', 'd', 'e']);
    });

    test('a selector chooses; one that cannot be read is refused, and so is a made-up token', async () => {
      await create('a', '1', { tier: 'gold' });
      await create('b', '1', { tier: 'tin' });
      const selected = await subject.api.list<ConfigMap>(configMapKind, { namespace: subject.namespace, labelSelector: 'tier=gold' });
      expect(expectOk(selected, 'listing').items.map(({ metadata }) => metadata.name)).toEqual(['a']);
      expect((await subject.api.list(configMapKind, { labelSelector: 'a=b=c' })).kind).toBe('badRequest');
      expect((await subject.api.list(configMapKind, {}, { limit: 1, continueToken: 'x' })).kind).toBe('badRequest');
    });
  });

  describe(`${name}: watches`, () => {
    test('everything after a list is told, in order, and nothing before it', async () => {
      await create('before', '1');
      const { resourceVersion } = await all();
      const watched = watch(resourceVersion);
      const made = await create('a', '1');
      await subject.api.replace<KubeObject>(configMapKind, { ...made, data: { value: '2' } } as ConfigMap);
      await subject.api.delete(configMapKind, at('a'));
      await create('a', '3');
      await waitFor(() => watched.events.length >= 4);
      expect(told(watched)).toEqual(['ADDED a 1', 'MODIFIED a 2', 'DELETED a 2', 'ADDED a 3']);
      watched.stop();
      expect(await watched.ended).toEqual({ kind: 'aborted' });
    });

    test('what was missed while nobody watched is told first', async () => {
      const { resourceVersion } = await all();
      await create('a', '1');
      await create('b', '1');
      const watched = watch(resourceVersion);
      await create('c', '1');
      await waitFor(() => watched.events.length >= 3);
      expect(told(watched)).toEqual(['ADDED a 1', 'ADDED b 1', 'ADDED c 1']);
      watched.stop();
      await watched.ended;
    });

    test('what leaves a selection is told as deleted, what enters it as added', async () => {
      const made = await create('a', '1', { tier: 'gold' });
      const watched = watch((await all()).resourceVersion, { labelSelector: 'tier=gold' });
      const tin = await subject.api.replace<ConfigMap>(configMapKind, { ...made, metadata: { ...made.metadata, labels: { tier: 'tin' } } });
      const { metadata } = expectOk(tin, 'relabelling');
      await subject.api.replace(configMapKind, configMap(subject.namespace, 'a', '2', { tier: 'gold' }));
      await waitFor(() => watched.events.length >= 2);
      expect(told(watched)).toEqual(['DELETED a 1', 'ADDED a 2']);
      expect(metadata.uid).toBe(made.metadata.uid);
      watched.stop();
      await watched.ended;
    });

    test('the server ends one after the time asked for', async () => {
      expect(await watch((await all()).resourceVersion, {}, 1).ended).toEqual({ kind: 'closed' });
    });

    test('from a version whose history is gone there is none', async () => {
      await create('a', '1');
      const { kind, resourceVersion } = await subject.forget();
      const options = { resourceVersion, timeoutSeconds: 30, idleTimeoutMs: 20_000, signal: new AbortController().signal };
      expect(await subject.api.watch(kind, {}, options, () => {})).toMatchObject({ kind: 'gone' });
    });
  });
}
