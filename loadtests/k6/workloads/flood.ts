import exec from 'k6/execution';
import http from 'k6/http';
import { Counter } from 'k6/metrics';
import { plan } from '../given-plan.ts';

const served = new Counter('flood_served');
const refused = new Counter('flood_refused');
const failed = new Counter('flood_failed');

/** One commit for so many listings. */
const commitEvery = 4;

/** A program of another tenant asks without end: listings and commits. That it is refused for coming too often is right. */
export function flood(): void {
  const { neighbour } = plan;
  const user = neighbour?.users[exec.vu.idInTest % neighbour.users.length];
  if (neighbour === undefined || user === undefined) throw new Error('the plan has no neighbour');
  const drive = `${plan.address}/v1/drives/${user.drive}`;
  const params = {
    headers: { authorization: `Bearer ${user.accessToken}`, host: neighbour.host, 'content-type': 'application/json' },
    tags: { name: 'flood' },
    timeout: '30s',
  };
  const { status } =
    exec.scenario.iterationInTest % commitEvery === 0
      ? http.post(`${drive}/commits`, newFolder(user), params)
      : http.get(`${drive}/entries/${user.rootId}/children?limit=100`, params);
  if (status === 429) refused.add(1);
  else if (status >= 200 && status < 300) served.add(1);
  else failed.add(1);
}

function newFolder({ driveEpoch, rootId: parentId }: { readonly driveEpoch: string; readonly rootId: string }): string {
  const entryId = globalThis.crypto.randomUUID();
  const writeId = globalThis.crypto.randomUUID();
  return JSON.stringify({ driveEpoch, operations: [{ op: 'createFolder', writeId, entryId, parentId, name: `flood-${entryId}` }] });
}
