// `npm run qualify`: is this S3 product good enough to keep packs in, and what does it lack?
import { createS3Bucket, createS3Client, qualify, type Finding } from '@driftbox/chunk-store';
import { parseCommandLine, runMain, UsageError } from '@driftbox/command-line';

const usage = `npm run qualify -- --endpoint URL --bucket NAME [--region NAME] [--create] [--json]

Tries everything that DriftBox asks of an S3 product, in a bucket that it leaves as it was. Exits with 1 if something needed is missing.
  --create   makes the bucket if it is not there
  --json     prints one JSON document
The keys are taken from S3_ACCESS_KEY and S3_SECRET_KEY.

Example: S3_ACCESS_KEY=ada S3_SECRET_KEY=... npm run qualify -- --endpoint https://s3.example.com --bucket packs`;

function line({ holds, weight, name, note }: Finding): string {
  return `${holds ? 'holds' : 'LACKS'}  ${weight}  ${name}${note === '' ? '' : ` (${note})`}`;
}

async function main(args: readonly string[]): Promise<number> {
  const { values } = parseCommandLine({
    args,
    options: {
      endpoint: { type: 'string' },
      bucket: { type: 'string' },
      region: { type: 'string' },
      create: { type: 'boolean' },
      json: { type: 'boolean' },
    },
  });
  const { endpoint, bucket, region, json = false } = values;
  const { S3_ACCESS_KEY: accessKey, S3_SECRET_KEY: secretKey } = process.env;
  if (endpoint === undefined || bucket === undefined) throw new UsageError('name the product and a bucket: --endpoint URL --bucket NAME');
  if (!URL.canParse(endpoint)) throw new UsageError(`--endpoint takes a URL such as https://s3.example.com, not ${endpoint}`);
  if (accessKey === undefined || secretKey === undefined) throw new UsageError('set S3_ACCESS_KEY and S3_SECRET_KEY');
  const options = { endpoint, bucket, accessKey, secretKey, region };
  if (values.create === true) await createS3Bucket(options);
  const client = createS3Client(options);
  try {
    await client.send({ method: 'HEAD' }, `open bucket ${bucket}`);
    const verdict = await qualify(client, (finding) => void (json || console.log(line(finding))));
    if (json) console.log(JSON.stringify(verdict));
    else console.log(verdict.goodEnough ? 'good enough for packs' : 'NOT good enough for packs');
    return verdict.goodEnough ? 0 : 1;
  } finally {
    client.close();
  }
}

await runMain({ name: 'qualify', usage, main });
