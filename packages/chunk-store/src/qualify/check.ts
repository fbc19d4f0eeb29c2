import type { S3Answer, S3Client } from '../s3/s3-client.ts';

/** What a check works with: a client, and names of its own in the bucket. */
export type CheckTools = {
  readonly client: S3Client;
  /** A name that nobody has used, below a prefix that is removed at the end. */
  newKey(): string;
  /** Stores bytes with their SHA-256. `headers` win over those that it sends by itself. */
  put(key: string, bytes: Uint8Array, headers?: Readonly<Record<string, string>>): Promise<S3Answer>;
  get(key: string, headers?: Readonly<Record<string, string>>): Promise<S3Answer>;
};

/** One thing that an S3 product can do or lack. */
export type Check = {
  /** One word for programs, such as `ranges`. */
  readonly feature: string;
  readonly name: string;
  /** Without what is `needed` DriftBox would lose or damage something; without what is `wanted` it is slower or leaves rubbish. */
  readonly weight: 'needed' | 'wanted';
  /** Throws where the product lacks it; what it answers is a figure for the reader. */
  run(tools: CheckTools): Promise<string | undefined>;
};
