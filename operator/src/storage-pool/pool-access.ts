/** What a cell is told of a pool, so that its services can store packs there. */
export type PoolAccess = {
  readonly pool: string;
  /** `http://host:port` or `https://…`. */
  readonly endpoint: string;
  readonly bucket: string;
  /** In front of everything in the bucket; empty, or ending with a slash. */
  readonly prefix: string;
  readonly region: string;
  readonly accessKey: string;
  readonly secretKey: string;
  /** Of the server's certificate, in PEM, where it is not publicly trusted. */
  readonly authority?: string | undefined;
  /** True for a MinIO of ours, in a namespace with the pool's label. */
  readonly isBundled: boolean;
};
