import { expect, test } from '@jest/globals';
import { releaseDigest } from '../helm/release-digest.ts';
import { digestOf } from '../owned-namespace.ts';
import { poolBase } from './observe-pool.ts';
import { poolRelease, type BundledPool } from './pool-release.ts';

// Digests of what the operator of 0.1.0, as released, gave such pools. Where one differs, an operator of today starts nodes of MinIO anew,
// and nobody asked for it.
const base = 'c5836b003c4ca77a07193e164b2ae2ee6524538d';

const chart = { folder: '', digest: 'chart' };
const poolOf = (bundled: object): BundledPool => ({
  name: 'main',
  bundled: bundled as BundledPool['bundled'],
  master: { poolId: 'i', rootUser: 'u', rootPassword: 'p', byTls: false },
  version: {
    version: '0.1.0',
    images: { minio: `sha256:${'a'.repeat(64)}` },
    charts: { 'driftbox-cell': chart, 'driftbox-backends': chart },
  },
  images: { registry: 'localhost', pullSecrets: ['pull'] },
  pullSecrets: [],
  operatorNamespace: 'system',
});

test.each([
  [
    'of four nodes',
    { nodes: 4, drivesPerNode: 2, parity: 2, driveSize: '1Ti', volumeClass: 'fast' },
    'fb7e69a7a8fd1dba547be8003d2f0a40c00ea8a9',
  ],
  ['of one', { nodes: 1, drivesPerNode: 1, parity: 0, driveSize: '10Gi' }, '6c5fe18a0127e7faa65ed70b222e1e859fe6eb85'],
])('a pool %s that was made by the version before is given what it was given then', (_, bundled, release) => {
  const pool = poolOf(bundled);
  expect(releaseDigest(poolRelease(pool))).toBe(release);
  expect(digestOf(poolBase({ operatorNamespace: 'system', account: 'op' }, pool))).toBe(base);
});
