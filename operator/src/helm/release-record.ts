import { gunzipSync, gzipSync } from 'node:zlib';
import type { KubeObject } from '../runtime/index.ts';
import type { SecretObject } from '../secret.ts';
import { digestLabel, refusedLabel, type HelmStatus, type Revision } from './release.ts';

/** What Helm has written down of a revision, as far as it is of use here; other fields stay. */
type ReleaseRecord = {
  readonly manifest: string;
  readonly info: { readonly status: HelmStatus; readonly description: string };
};

/** A manifest is no larger: a Secret holds 1 MiB, and text shrinks to a tenth. */
const mostBytes = 32 << 20;

/** What the labels of Helm's record tell of a revision; undefined where it is none. */
export function revisionOf({ metadata: { labels = {} } }: KubeObject): Revision | undefined {
  const revision = Number(labels['version']);
  if (!Number.isInteger(revision) || labels['owner'] !== 'helm') return undefined;
  return {
    revision,
    status: (labels['status'] ?? 'unknown') as HelmStatus,
    digest: labels[digestLabel],
    isRefused: labels[refusedLabel] === 'true',
    // Seconds since the epoch. A new record has the label of when the one before was changed, until it is changed itself.
    modifiedMs: Math.max(Number(labels['createdAt'] ?? 0), Number(labels['modifiedAt'] ?? 0)) * 1000,
  };
}

/** Reads a record: JSON, compressed, as base64, and as every value of a Secret once more. Throws where it is none. */
export function readRecord({ data = {} }: SecretObject): ReleaseRecord {
  const packed = Buffer.from(Buffer.from(data['release'] ?? '', 'base64').toString('latin1'), 'base64');
  return JSON.parse(gunzipSync(packed, { maxOutputLength: mostBytes }).toString('utf8')) as ReleaseRecord;
}

/** The same record, failed: Helm goes on from there. */
export function unlockedRecord(secret: SecretObject, description: string): SecretObject {
  const record = readRecord(secret);
  const failed = { ...record, info: { ...record.info, status: 'failed', description } };
  const release = Buffer.from(gzipSync(JSON.stringify(failed)).toString('base64')).toString('base64');
  const labels = { ...secret.metadata.labels, status: 'failed' };
  return { ...secret, metadata: { ...secret.metadata, labels }, data: { ...secret.data, release } };
}
