import { createCipheriv, createHash, pbkdf2Sync, randomBytes } from 'node:crypto';
import { createS3Client, type S3Request } from '@driftbox/chunk-store';
import type { S3Addresses } from './minio.ts';

/** What a user of a MinIO signs requests with. */
export type MinioKeys = Pick<S3Addresses, 'accessKey' | 'secretKey'>;

/** Makes a user who may read and write everything in a MinIO, as `admin`, whose owner's keys are in its addresses. */
export async function addMinioUser(admin: S3Addresses, { accessKey, secretKey }: MinioKeys): Promise<void> {
  const user = sealed(admin.secretKey, JSON.stringify({ secretKey, status: 'enabled' }));
  await ask(admin, { method: 'PUT', key: 'admin/v3/add-user', query: `accessKey=${accessKey}` }, user);
  const query = `isGroup=false&policyName=readwrite&userOrGroup=${accessKey}`;
  await ask(admin, { method: 'PUT', key: 'admin/v3/set-user-or-group-policy', query });
}

/** Takes a user away: from then on the server refuses what is signed by its keys. */
export async function removeMinioUser(admin: S3Addresses, accessKey: string): Promise<void> {
  await ask(admin, { method: 'DELETE', key: 'admin/v3/remove-user', query: `accessKey=${accessKey}` });
}

/** The administration of a MinIO is asked as if it were objects of a bucket of this name. */
async function ask(admin: S3Addresses, request: S3Request, bytes: Buffer = Buffer.alloc(0)): Promise<void> {
  const client = createS3Client({ ...admin, bucket: 'minio' });
  try {
    const sha256Hex = createHash('sha256').update(bytes).digest('hex');
    await client.send({ ...request, body: { pieces: [bytes], sizeBytes: bytes.length, sha256Hex } }, `${request.method} ${request.key}`);
  } finally {
    client.close();
  }
}

/** A secret on its way there: under a key of the owner's password (PBKDF2), as one last piece of sio-go's stream of AES-256-GCM. */
function sealed(password: string, text: string): Buffer {
  const salt = randomBytes(32);
  const start = randomBytes(8);
  const key = pbkdf2Sync(password, salt, 8_192, 32, 'sha256');
  const seal = (piece: number, associated: Buffer, plain: string): Buffer => {
    const number = Buffer.alloc(4);
    number.writeUInt32LE(piece);
    const cipher = createCipheriv('aes-256-gcm', key, Buffer.concat([start, number])).setAAD(associated);
    return Buffer.concat([cipher.update(plain, 'utf8'), cipher.final(), cipher.getAuthTag()]);
  };
  const last = Buffer.concat([Buffer.from([0x80]), seal(0, Buffer.alloc(0), '')]);
  return Buffer.concat([salt, Buffer.from([2]), start, seal(1, last, text)]);
}
