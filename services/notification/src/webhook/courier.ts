import type { TenantId } from '@driftbox/domain';
import type { Context } from '../context.ts';
import { webhooksDue } from '../store/work-deliveries.ts';
import { deliver } from './deliver.ts';

/** Background work that delivers; `look` does at once what is due. */
export type Courier = { look(): void; stop(): Promise<void> };

type Due = { readonly tenantId: TenantId; readonly webhookId: string; readonly failing: boolean };

const lookEveryMs = 1_000;
/** Webhooks that are served at once, by lane: those that fail have their own, so that they never hold up those that do not. */
const mostAtOnce = { working: 64, failing: 16 } as const;

/** Looks every second, and whenever it is told to, which webhooks are due, and serves each by itself. */
export function startCourier(context: Context, onError: (error: unknown) => void): Courier {
  const stopping = new AbortController();
  const running = new Map<string, { readonly lane: keyof typeof mostAtOnce; readonly done: Promise<void> }>();
  let timer: NodeJS.Timeout | undefined;
  let looking: Promise<void> | undefined;
  let again = false;

  function serve({ tenantId, webhookId, failing }: Due): void {
    const lane = failing ? 'failing' : 'working';
    const key = `${tenantId} ${webhookId}`;
    const taken = [...running.values()].filter((one) => one.lane === lane).length;
    if (running.has(key) || taken >= mostAtOnce[lane] || stopping.signal.aborted) return;
    const done = deliver(context, tenantId, webhookId, stopping.signal)
      .catch(onError)
      .then(() => {
        running.delete(key);
        look();
      });
    running.set(key, { lane, done });
  }

  async function lookNow(): Promise<void> {
    const most = mostAtOnce.working + running.size;
    const { rows } = await context.database.query<Due>(webhooksDue, [new Date(context.nowMs()), most]);
    rows.forEach(serve);
  }

  function look(): void {
    if (stopping.signal.aborted) return;
    if (looking !== undefined) {
      again = true;
      return;
    }
    clearTimeout(timer);
    again = false;
    looking = lookNow()
      .catch(onError)
      .then(() => {
        looking = undefined;
        if (again) look();
        else if (!stopping.signal.aborted) timer = setTimeout(look, lookEveryMs).unref();
      });
  }

  look();
  return {
    look,
    async stop() {
      stopping.abort();
      clearTimeout(timer);
      await looking;
      await Promise.all([...running.values()].map(({ done }) => done));
    },
  };
}
