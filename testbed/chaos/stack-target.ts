import path from 'node:path';
import { processTree } from '@driftbox/processes';
import { startFaultProxy, type FaultProxy } from '@driftbox/testkit';
import { trustCertificate } from '../src/trust-certificate.ts';
import type { Backends } from '../stack/start-backends.ts';
import { startStack, type Stack } from '../stack/start-stack.ts';
import { bucketPool } from './bucket-pool.ts';
import { checkTenant } from './check-tenant.ts';
import { hastySettings } from './hasty-settings.ts';
import type { ChaosPart, ChaosTarget } from './target.ts';

/** How large the stack is to be, and who hears of its start. */
export type StackTargetOptions = { readonly small: boolean; readonly tell: (line: string) => void };

type Links = Record<string, FaultProxy>;

const replicas = 2;
const local = '127.0.0.1';

/** A stack with fault proxies before its gateway and between its services and PostgreSQL, Redis and S3. */
export async function startStackTarget({ small, tell }: StackTargetOptions): Promise<ChaosTarget> {
  const links: Links = {};
  const between = (backends: Backends): Promise<Backends> => throughProxies(backends, links);
  let stack: Stack | undefined;
  try {
    stack = await startStack({ small, replicas, report: tell, between, settings: hastySettings });
    return await describe(stack, links);
  } catch (error) {
    await close(links);
    await stack?.stop();
    throw error;
  }
}

async function close(links: Links): Promise<void> {
  for (const proxy of Object.values(links)) await proxy.close();
}

async function describe(stack: Stack, links: Links): Promise<ChaosTarget> {
  const { address, certificateFile, folder, backends, internal, serviceKey, tenant } = stack;
  await trustCertificate(certificateFile);
  const { hostname, port } = new URL(address);
  const doorAt = async (name: string): Promise<string> => {
    const proxy = await startFaultProxy({ host: local, port: Number(port) });
    links[name] = proxy;
    return `https://${hostname}:${proxy.port}`;
  };
  const pool = await bucketPool(backends.s3);
  const what = { configFolder: path.join(folder, 'admin'), serviceKey, tenantId: tenant.tenantId, upload: () => internal.upload };
  return {
    name: 'stack',
    address: await doorAt('clients'),
    deviceAddress: await doorAt('devices'),
    directAddress: address,
    clientEnvironment: { NODE_EXTRA_CA_CERTS: path.resolve(certificateFile) },
    folder,
    parts: partsOf(stack),
    links,
    pool,
    missing: ['a full disk', 'a wrong clock', 'cut connections to Kafka, whose clients are told where its brokers are'],
    check: () => checkTenant(what),
    close: async (keep) => {
      pool.close();
      await close(links);
      await stack.stop(keep);
    },
  };
}

function partsOf({ backends, gateway, replicas: services, verifies }: Stack): ChaosPart[] {
  const all = [...backends.parts, gateway, ...Object.values(services).flat(), ...verifies];
  return all.map(({ name, kill, start, pid }) => ({ name, kill, start, pids: async () => processTree(pid()) }));
}

/** The same back ends by other addresses; the proxies become links. */
async function throughProxies(backends: Backends, links: Links): Promise<Backends> {
  const proxied = async (name: string, url: string): Promise<string> => {
    const to = new URL(url);
    const proxy = await startFaultProxy({ host: to.hostname, port: Number(to.port) });
    links[name] = proxy;
    to.port = String(proxy.port);
    return to.href;
  };
  const places = new Map<string, string>();
  for (const [index, place] of placesIn(backends.databases('auth')).entries()) {
    const { host } = new URL(await proxied(`postgres-${index + 1}`, `http://${place}`));
    places.set(place, host);
  }
  const databases: Backends['databases'] = (role) => {
    const url = backends.databases(role);
    return placesIn(url).reduce((changed, place) => changed.replace(place, places.get(place) ?? place), url);
  };
  const endpoint = (await proxied('s3', backends.s3.endpoint)).replace(/\/$/, '');
  return { ...backends, databases, redisUrl: await proxied('redis', backends.redisUrl), s3: { ...backends.s3, endpoint } };
}

/** Host and port of each server in a connection string. */
function placesIn(url: string): string[] {
  return [...url.matchAll(/127\.0\.0\.1:\d+/g)].map(([place]) => place);
}
