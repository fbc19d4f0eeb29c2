import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { newUuid, openKubeApi, testComponent, type KubeAnswer } from '@driftbox/testkit';
import type { Kind } from './define-kind.ts';
import { installKinds } from './testing/install-kinds.ts';
import type { Row, Sent } from './testing/row.ts';
import { rows } from './testing/rows.ts';

const api = openKubeApi(testComponent('k8s'));
const group = '/apis/driftbox.io/v1alpha1';
// As kubectl asks by default: a field that does not exist is an error, not dropped.
const strict = 'fieldValidation=Strict';

beforeAll(() => installKinds(api), 60_000);
afterAll(() => api.close());

const collection = ({ plural }: Kind): string => `${group}/${plural}`;

/** What the server says to a row. Nothing is kept, but for what a change needs to begin with. */
async function say({ kind, sent, old }: Row): Promise<KubeAnswer> {
  if (old === undefined) return api.send('POST', `${collection(kind)}?${strict}&dryRun=All`, { body: sent });
  // As short as the longest name of every kind asks for.
  const metadata = { name: `row-${newUuid().slice(0, 18)}` };
  const path = `${collection(kind)}/${metadata.name}`;
  const made = await api.send('POST', `${collection(kind)}?${strict}`, { body: { ...old, metadata } });
  expect(made).toMatchObject({ status: 201 });
  const { resourceVersion } = made.body['metadata'] as { resourceVersion: string };
  const body: Sent & object = { ...sent, metadata: { ...metadata, resourceVersion } as Sent['metadata'] };
  const answer = await api.send('PUT', `${path}?${strict}&dryRun=All`, { body });
  await api.send('DELETE', path);
  return answer;
}

describe('the API server judges', () => {
  test.each(rows.map((row) => [`${row.kind.kind}: ${row.about}`, row] as const))('%s', async (_, row) => {
    const { status, body } = await say(row);
    const message = String(body['message'] ?? '');
    if (row.refused === undefined) return expect({ status, message }).toEqual({ status: row.old === undefined ? 201 : 200, message: '' });
    expect({ status, message }).toEqual({
      status: message.includes('unknown field') ? 400 : 422,
      message: expect.stringContaining(row.refused.message),
    });
    expect(message).toContain(row.refused.path);
  });
});
