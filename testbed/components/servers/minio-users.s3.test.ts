import { createS3Bucket } from '@driftbox/chunk-store';
import { testComponent } from '@driftbox/testkit';
import { expect, test } from '@jest/globals';
import { addMinioUser, removeMinioUser } from './minio-users.ts';

test('users of a MinIO may do everything until they are taken away', async () => {
  const admin = testComponent('s3');
  const keys = { accessKey: 'ada', secretKey: 'hidden-for-ada' };
  await addMinioUser(admin, keys);
  await createS3Bucket({ ...admin, ...keys, bucket: 'of-ada' });
  await removeMinioUser(admin, 'ada');
  await expect(createS3Bucket({ ...admin, ...keys, bucket: 'of-nobody' })).rejects.toThrow();
});
