import { isDeepStrictEqual } from 'node:util';
import { tenantIntent, type TenantIntent } from '@driftbox/protocol';
import { apiVersion } from '../define-kind.ts';
import type { Manifest } from '../manifest.ts';
import { writeQuantity } from '../quantity.ts';
import { present } from './tenant-intent.ts';

const mostLetters = 63;

/**
 * The Tenant that says to the services what an intent says, as a manifest: suspended, so that a backup can be restored into it. What
 * is as by default is left out, and so are its quota, whose limits are named one by one, and what no intent knows: cell, pool, and
 * providers of sign-in, whose secrets nobody kept.
 */
export function tenantOfIntent(intent: TenantIntent): Manifest {
  const { name, hosts, signUp, brake, linkPolicy } = intent;
  const usual = tenantIntent.parse({ tenantId: intent.tenantId, name, hosts });
  const unusual = <T>(value: T, byDefault: T): T | undefined => (isDeepStrictEqual(value, byDefault) ? undefined : value);
  const { historyDays, trashDays } = intent.limits;
  const retention = present({
    historyDays: unusual(historyDays, usual.limits.historyDays),
    trashDays: unusual(trashDays, usual.limits.trashDays),
  });
  return {
    apiVersion,
    kind: 'Tenant',
    metadata: { name: objectNameFor(name) },
    spec: {
      displayName: name,
      hosts,
      suspended: true,
      ...present({ brake: unusual(brake, usual.brake), linkPolicy: unusual(linkPolicy, usual.linkPolicy) }),
      ...filled({ limits: limitsOf(intent.limits, usual.limits), retention, identity: present({ signUp: unusual(signUp, usual.signUp) }) }),
    },
  };
}

type Limits = TenantIntent['limits'];

function limitsOf(limits: Limits, usual: Limits): object {
  const count = (name: keyof Limits): number | undefined => (limits[name] === usual[name] ? undefined : limits[name]);
  const size = (name: keyof Limits): string | undefined => (limits[name] === usual[name] ? undefined : writeQuantity(BigInt(limits[name])));
  const rate = (perSecond: keyof Limits, burst: keyof Limits): object | undefined =>
    count(perSecond) === undefined && count(burst) === undefined ? undefined : { perSecond: limits[perSecond], burst: limits[burst] };
  return present({
    storage: size('logicalBytes'),
    storagePerUser: size('userBytes'),
    fileSize: size('fileBytes'),
    files: count('files'),
    users: count('users'),
    uploads: count('uploads'),
    sockets: count('sockets'),
    links: count('links'),
    egressPerMonth: size('egressBytesPerMonth'),
    requests: rate('requestsPerSecond', 'requestBurst'),
    requestsPerUser: rate('userRequestsPerSecond', 'userRequestBurst'),
  });
}

/** Those that say anything. */
function filled(fields: Readonly<Record<string, object>>): object {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => Object.keys(value).length > 0));
}

function objectNameFor(name: string): string {
  const letters = name
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .slice(0, mostLetters)
    .replaceAll(/^-+|-+$/g, '');
  return letters === '' ? 'tenant' : letters;
}
