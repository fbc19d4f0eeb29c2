import { cellKind, type CellSpec } from '@driftbox/resources';
import { hasOwnAuthority } from '../cell/observe-cell.ts';
import { adminUrl, cellNames, gatewayAddress, masterKeys, masterPlace } from '../cell/names.ts';
import { expectOk, keyOf, type Api, type Cache, type ObjectPlace } from '../runtime/index.ts';
import { judgedSpec } from '../judged-spec.ts';
import { speaksTls } from '../version-abilities.ts';
import type { OtherResource } from './cell-resource.ts';
import { createCellDoor, type CellAccess } from './create-cell-door.ts';
import type { CellDoor, OpenCell } from './cell-door.ts';
import { probeGateway, type GatewayAccess } from './probe-gateway.ts';
import { secretKind, type Secret } from './tenant.ts';

/** What doors are opened with. */
export type OpenCellsParts = {
  readonly api: Pick<Api, 'get'>;
  readonly cells: Pick<Cache<OtherResource>, 'get'>;
  /** The operator's own, which holds the keys of cells. */
  readonly namespace: string;
  readonly nowMs: () => number;
};

/** So long a key is believed, unless the Cell says that it is rotated. */
const keepMs = 60_000;

type Opened = {
  readonly door: CellDoor & { close(): void };
  readonly digest: string;
  readonly untilMs: number;
  /** Since when the key is what it was when it was read. */
  readonly since: string | undefined;
};

/** Opens doors of cells by the key that the operator made for each, and keeps them for a while. */
export function openCells({ api, cells, namespace, nowMs }: OpenCellsParts): { readonly open: OpenCell; close(): void } {
  const opened = new Map<string, Opened>();
  return {
    async open(name, signal) {
      const cell = cells.get(keyOf({ name }));
      if (cell === undefined) return forget(opened, name, `Cell ${name} is not there`);
      const known = opened.get(name);
      const since = cell.status?.rotation?.since;
      if (known !== undefined && known.untilMs > nowMs() && known.since === since) return known.door;
      const master = await api.get<Secret>(secretKind, masterPlace(namespace, name), { signal });
      if (master.kind === 'notFound') return forget(opened, name, `Cell ${name} is not set up yet`);
      const { data } = expectOk(master, `reading the key of Cell ${name}`);
      const serviceKey = textOf(data, masterKeys.serviceKey);
      if (serviceKey === undefined)
        return forget(opened, name, `the Secret ${masterPlace(namespace, name).name} lacks ${masterKeys.serviceKey}`);
      const judged = judgedSpec<CellSpec>(cellKind, cell);
      const isOwn = judged.ok && hasOwnAuthority(judged.spec);
      const authority = isOwn ? await readAuthority(api, { namespace, name: cellNames(name).tlsMaster }, signal) : undefined;
      if (isOwn && authority === undefined) return forget(opened, name, `Cell ${name} has no certificate yet`);
      // One that is being upgraded still answers as the version before does.
      const version = cell.status?.version ?? (judged.ok ? judged.spec.version : undefined);
      const byTls = version !== undefined && speaksTls(version);
      const inner = byTls ? await readAuthority(api, { namespace, name: cellNames(name).inner }, signal) : undefined;
      if (byTls && inner === undefined) return forget(opened, name, `the parts of Cell ${name} have no certificates yet`);
      // Behind an Ingress or a Gateway, which end TLS, the cell's own listener is plain.
      const scheme = judged.ok && judged.spec.expose.service !== undefined ? 'https' : 'http';
      const access = accessTo(name, serviceKey, inner, { address: gatewayAddress(name, scheme), authority });
      const digest = JSON.stringify([serviceKey, authority, scheme, inner]);
      const isSame = known?.digest === digest;
      if (!isSame) known?.door.close();
      const door = isSame ? known.door : createCellDoor(access);
      opened.set(name, { door, digest, untilMs: nowMs() + keepMs, since });
      return door;
    },
    close: () => opened.forEach(({ door }) => door.close()),
  };
}

function accessTo(name: string, serviceKey: string, inner: string | undefined, gateway: GatewayAccess): CellAccess {
  const of = (service: Parameters<typeof adminUrl>[1]): string => adminUrl(name, service, inner !== undefined);
  return {
    internal: {
      auth: of('auth'),
      metadata: of('metadata'),
      upload: of('upload'),
      sync: of('sync'),
      share: of('share'),
      notification: of('notification'),
    },
    authority: inner,
    serviceKey,
    probe: (host, signal) => probeGateway(gateway, host, signal),
  };
}

/** An authority of the cell's own, once it is made; without it those count that everybody trusts. */
async function readAuthority(api: Pick<Api, 'get'>, at: ObjectPlace, signal: AbortSignal): Promise<string | undefined> {
  const secret = await api.get<Secret>(secretKind, at, { signal });
  return secret.kind === 'notFound' ? undefined : textOf(expectOk(secret, `reading Secret ${at.name}`).data, 'ca.crt');
}

function forget(opened: Map<string, Opened>, name: string, waitsFor: string): { readonly waitsFor: string } {
  opened.get(name)?.door.close();
  opened.delete(name);
  return { waitsFor };
}

function textOf(data: Secret['data'], key: string): string | undefined {
  const encoded = data?.[key];
  return encoded === undefined ? undefined : Buffer.from(encoded, 'base64').toString('utf8');
}
