import { routes } from '@driftbox/protocol';
import { waitFor } from '@driftbox/testkit';
import { commitPieces, newFile, oneChunk, signUpByApi } from '../../src/api-user.ts';
import { askJaeger, type KeptSpan } from '../../src/ask-jaeger.ts';
import { registerTenant } from '../../src/register-tenant.ts';
import { trustCertificate } from '../../src/trust-certificate.ts';
import type { Stack } from '../../stack/start-stack.ts';
import type { Point } from '../point.ts';
import { startStackProgram } from '../stack-program.ts';

type Ready = Pick<Stack, 'address' | 'certificateFile' | 'tenant' | 'serviceKey' | 'internal'> & { readonly traces?: string };

/** The way of a commit to whoever is told of it, from its end. */
const way = [
  'notification: process driftbox.files',
  'metadata: send driftbox.files',
  'metadata: POST /internal/v1/drives/:drive/commits',
  'upload: POST /internal/v1/drives/:drive/commits',
  'upload: POST /v1/drives/:drive/commits',
];
/** What else is in it: the outbox on one side, the notification on the other. */
const steps = ['metadata: postgres.append-outbox', 'metadata: COMMIT', 'notification: notification.insert-notifications'];

/** What a person does who wants to see what became of a request: its id is in the answer, and the trace back end knows it. */
export const keptTrace: Point = {
  number: 8,
  promise:
    'a stack with --observability keeps traces: that of a commit, by its X-Request-Id, goes on over outbox and Kafka to a notification',
  async show(tell) {
    const stack = await startStackProgram<Ready>('--small', '--replicas', '1', '--observability');
    try {
      const { traces } = stack.ready;
      if (traces === undefined) throw new Error('this stack keeps no traces: it said why');
      const traceId = await commitThatIsTold(stack.ready);
      tell(`${traces}/api/traces/${traceId}`);
      let spans: readonly KeptSpan[] = [];
      const isWhole = async (): Promise<boolean> => {
        spans = await askJaeger(traces, traceId);
        return steps.every((step) => spans.some((span) => said(span) === step)) && wayTo(way[0] ?? '', spans).join() === way.join();
      };
      const holds = await waitFor(isWhole, { deadlineMs: 60_000 }).catch(() => false);
      return {
        holds,
        figure: `${spans.length} steps, among them ${wayTo(way[0] ?? '', spans)
          .toReversed()
          .join(' > ')}`,
      };
    } finally {
      await stack.stop();
    }
  },
};

/** Commits so much that its owner is told of a drive that is nearly full; answers the request's id. */
async function commitThatIsTold({ address, certificateFile, tenant, serviceKey, internal }: Ready): Promise<string> {
  await trustCertificate(certificateFile);
  const { tenantId, host } = tenant;
  await registerTenant({ serviceKey, internal }, host, { tenantId, name: 'stack', limits: { userBytes: 1_000 } });
  const { client, drive } = await signUpByApi(address, 'ada');
  const bytes = Buffer.alloc(900, 7);
  const body = commitPieces(drive, [newFile(drive, 'note', oneChunk(bytes))], [bytes]);
  const answer = await client.stream(routes.postCommit, { params: { drive: drive.drive }, body });
  await answer.json();
  return answer.headers['x-request-id'] ?? '';
}

const said = ({ process, name }: KeptSpan): string => `${process}: ${name}`;

/** From the step that says so up to the first of the trace. */
function wayTo(end: string, spans: readonly KeptSpan[]): string[] {
  const up = (of: KeptSpan | undefined): string[] =>
    of === undefined ? [] : [said(of), ...up(spans.find(({ id }) => id === of.parentId))];
  return up(spans.find((span) => said(span) === end));
}
