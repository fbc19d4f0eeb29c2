import { createHash } from 'node:crypto';
import { createS3Bucket, createS3Client, qualify, quickChecks, StoreError, s3Code, type S3Client } from '@driftbox/chunk-store';
import type { PoolAccess } from './pool-access.ts';

/** What came of trying a bucket. */
export type Probe =
  | { readonly kind: 'qualified'; readonly features: readonly string[] }
  /** Somebody else's packs are there. */
  | { readonly kind: 'foreign'; readonly owner: string }
  /** It does not answer, or not as needed; it is tried again. */
  | { readonly kind: 'unreachable' | 'lacking'; readonly why: string };

/** How a bucket is tried. */
export type ProbeOptions = {
  /** Marks the bucket, below the prefix: whoever has put it there first owns it. */
  readonly poolId: string;
  /** Also everything that packs need of it, which writes and removes a few small objects. */
  readonly isFull: boolean;
};

/** Tries a bucket. A bucket of ours is made if it is not there. */
export type ProbeBucket = (access: PoolAccess, options: ProbeOptions) => Promise<Probe>;

const callTimeoutMs = 15_000;
const ownerName = 'driftbox-owner.json';

/** Tries a bucket with the same client, and the same checks, as the services and `npm run qualify`. */
export const probeBucket: ProbeBucket = async (access, { poolId, isFull }) => {
  const options = { ...access, maxConnections: 24, callTimeoutMs, idleTimeoutMs: 5_000 };
  const client = createS3Client(options);
  try {
    if (access.isBundled) await createS3Bucket(options);
    await client.send({ method: 'HEAD' }, `open bucket ${access.bucket}`);
    const owner = await claim(client, access.prefix, poolId);
    if (owner !== poolId) return { kind: 'foreign', owner };
    if (!isFull) return { kind: 'qualified', features: [] };
    const { goodEnough, findings } = await qualify(client, () => {}, quickChecks);
    const lacking = findings.filter(({ holds, weight }) => !holds && weight === 'needed');
    if (!goodEnough) return { kind: 'lacking', why: lacking.map(({ name, note }) => `${name}: ${note}`).join('; ') };
    return { kind: 'qualified', features: findings.filter(({ holds }) => holds).map(({ feature }) => feature) };
  } catch (error) {
    if (error instanceof StoreError) return { kind: 'unreachable', why: whyOf(error) };
    throw error;
  } finally {
    client.close();
  }
};

/** Puts our mark below the prefix if there is none, and tells whose there is. */
async function claim(client: S3Client, prefix: string, poolId: string): Promise<string> {
  const key = `${prefix}${ownerName}`;
  const bytes = Buffer.from(`${JSON.stringify({ format: 1, pool: poolId })}\n`);
  const sha256Hex = createHash('sha256').update(bytes).digest('hex');
  const body = { pieces: [bytes], sizeBytes: bytes.length, sha256Hex };
  try {
    await client.send({ method: 'PUT', key, headers: { 'if-none-match': '*' }, body }, 'claim the bucket');
    return poolId;
  } catch (error) {
    if (!(error instanceof StoreError) || s3Code(error.cause) !== 'PreconditionFailed') throw error;
    const { body: found } = await client.send({ method: 'GET', key }, 'read the owner of the bucket');
    return ownerIn(found.toString('utf8'));
  }
}

function ownerIn(text: string): string {
  try {
    const { pool }: { readonly pool?: unknown } = Object(JSON.parse(text));
    return typeof pool === 'string' ? pool : 'somebody else';
  } catch {
    return 'somebody else';
  }
}

function whyOf(error: StoreError): string {
  const { cause } = error;
  return cause instanceof Error && cause.message !== '' ? `${error.message}: ${cause.message}` : error.message;
}
