import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import type { S3Answer } from '../../s3/s3-client.ts';
import type { Check, CheckTools } from '../check.ts';
import { bodyOf, checksumOf } from '../check-tools.ts';
import { refusalOf } from '../refusal.ts';

const partBytes = 5 << 20;

async function begin({ client }: CheckTools, key: string): Promise<string> {
  const headers = { 'x-amz-checksum-algorithm': 'SHA256' };
  const { body } = await client.send({ method: 'POST', key, query: 'uploads', headers }, 'begin');
  const id = /<UploadId>([^<]+)</.exec(body.toString())?.[1];
  assert(id !== undefined, 'no upload id came back');
  return encodeURIComponent(id);
}

function sendPart(
  { client }: CheckTools,
  key: string,
  id: string,
  number: number,
  bytes: Uint8Array,
  sum = checksumOf(bytes),
): Promise<S3Answer> {
  const query = `partNumber=${number}&uploadId=${id}`;
  return client.send({ method: 'PUT', key, query, headers: { 'x-amz-checksum-sha256': sum }, body: bodyOf(bytes) }, 'part');
}

async function sendAll(tools: CheckTools, key: string, parts: readonly Uint8Array[]): Promise<() => Promise<void>> {
  const id = await begin(tools, key);
  const listed = await Promise.all(
    parts.map(async (bytes, index) => {
      const { headers } = await sendPart(tools, key, id, index + 1, bytes);
      const sum = checksumOf(bytes);
      return `<Part><PartNumber>${index + 1}</PartNumber><ETag>${headers.etag}</ETag><ChecksumSHA256>${sum}</ChecksumSHA256></Part>`;
    }),
  );
  const document = Buffer.from(`<CompleteMultipartUpload>${listed.join('')}</CompleteMultipartUpload>`);
  return async () => {
    const request = { method: 'POST', key, query: `uploadId=${id}`, headers: { 'if-none-match': '*' }, body: bodyOf(document) } as const;
    const answer = (await tools.client.send(request, 'complete')).body.toString();
    const code = /<Error>.*<Code>([^<]+)</s.exec(answer)?.[1];
    if (code !== undefined) throw Object.assign(new Error(code), { cause: { code } });
  };
}

/** Objects that are sent in parts. */
export const partChecks: readonly Check[] = [
  {
    feature: 'parts',
    name: 'an object in parts is seen when it is complete, and not before',
    weight: 'needed',
    run: async (tools) => {
      const [key, parts] = [tools.newKey(), [randomBytes(partBytes), randomBytes(1000)]];
      const complete = await sendAll(tools, key, parts);
      await refusalOf(tools.get(key), 'it was seen before');
      await complete();
      assert(Buffer.concat(parts).equals((await tools.get(key)).body), 'something else came back');
      return undefined;
    },
  },
  {
    feature: 'part-checksums',
    name: 'a part that does not match its SHA-256 is refused',
    weight: 'needed',
    run: async (tools) => {
      const key = tools.newKey();
      const sent = sendPart(tools, key, await begin(tools, key), 1, randomBytes(1000), Buffer.alloc(32).toString('base64'));
      await refusalOf(sent, 'it was taken');
      return undefined;
    },
  },
  {
    feature: 'conditional-parts',
    name: 'an object in parts is completed only if its name is still free',
    weight: 'wanted',
    run: async (tools) => {
      const [key, first] = [tools.newKey(), randomBytes(1000)];
      const complete = await sendAll(tools, key, [randomBytes(1000)]);
      await tools.put(key, first);
      assert.equal(await refusalOf(complete(), 'a taken name was taken again'), 'PreconditionFailed');
      assert(first.equals((await tools.get(key)).body), 'the first object was replaced');
      return undefined;
    },
  },
  {
    feature: 'abort-parts',
    name: 'parts that were given up are gone',
    weight: 'wanted',
    run: async (tools) => {
      const key = tools.newKey();
      const id = await begin(tools, key);
      await sendPart(tools, key, id, 1, randomBytes(1000));
      await tools.client.send({ method: 'DELETE', key, query: `uploadId=${id}` }, 'give up');
      await refusalOf(sendPart(tools, key, id, 2, randomBytes(1000)), 'more parts were taken');
      return undefined;
    },
  },
  {
    feature: 'lifecycle',
    name: 'a rule of the bucket can remove parts that nobody gave up',
    weight: 'wanted',
    run: async ({ client }) => {
      const days = '<AbortIncompleteMultipartUpload><DaysAfterInitiation>2</DaysAfterInitiation></AbortIncompleteMultipartUpload>';
      const filter = '<Filter><Prefix>driftbox-qualify/none/</Prefix></Filter>';
      const rule = `<Rule><ID>driftbox-qualify</ID><Status>Enabled</Status>${filter}${days}</Rule>`;
      const document = Buffer.from(`<LifecycleConfiguration>${rule}</LifecycleConfiguration>`);
      const held = await client.send({ method: 'GET', query: 'lifecycle' }, 'rules').then(
        () => true,
        () => false,
      );
      if (held) return 'the bucket has rules already; they were left alone';
      const headers = { 'x-amz-checksum-sha256': checksumOf(document), 'x-amz-sdk-checksum-algorithm': 'SHA256' };
      await client.send({ method: 'PUT', query: 'lifecycle', headers, body: bodyOf(document) }, 'set rules');
      await client.send({ method: 'DELETE', query: 'lifecycle' }, 'remove rules');
      return undefined;
    },
  },
];
