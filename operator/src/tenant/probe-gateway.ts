import http from 'node:http';
import https from 'node:https';
import { routes } from '@driftbox/protocol';
import type { Probe } from './cell-door.ts';

/** Where a gateway is asked. */
export type GatewayAccess = {
  /** `http://…` or `https://…`. */
  readonly address: string;
  /** Authority that certified it, in PEM; those that the system trusts without it. */
  readonly authority?: string | undefined;
};

const timeoutMs = 5_000;
const mostBytes = 64 * 2 ** 10;

/** Asks a gateway what anybody asks first, by a tenant's host, with a certificate that must be for that host. Never throws. */
export async function probeGateway({ address, authority }: GatewayAccess, host: string, signal: AbortSignal): Promise<Probe> {
  try {
    const { status, code } = await ask(new URL(routes.getCapabilities.path, address), host, authority, signal);
    if (status === 200) return { host, kind: 'serves' };
    if (code === 'tenant_suspended') return { host, kind: 'suspended' };
    return { host, kind: 'failed', why: `it answers ${status}${code === undefined ? '' : ` (${code})`}` };
  } catch (error) {
    return { host, kind: 'failed', why: error instanceof Error ? error.message || error.name : String(error) };
  }
}

function ask(url: URL, host: string, ca: string | undefined, signal: AbortSignal): Promise<{ status: number; code: string | undefined }> {
  const module = url.protocol === 'https:' ? https : http;
  return new Promise((resolve, reject) => {
    const secure = url.protocol === 'https:' ? { servername: host, ...(ca === undefined ? {} : { ca }) } : {};
    const request = module.get(url, { ...secure, agent: false, headers: { host }, signal, timeout: timeoutMs }, (answer) => {
      let text = '';
      answer.setEncoding('utf8').on('data', (piece: string) => {
        text += piece;
        if (text.length > mostBytes) request.destroy(new Error('its answer is too long'));
      });
      answer.once('end', () => resolve({ status: answer.statusCode ?? 0, code: codeOf(text) }));
      answer.once('error', reject);
    });
    request.once('timeout', () => request.destroy(new Error(`no answer within ${timeoutMs} ms`)));
    request.once('error', reject);
  });
}

function codeOf(text: string): string | undefined {
  try {
    const code: unknown = Reflect.get(Object(JSON.parse(text)), 'code');
    return typeof code === 'string' ? code : undefined;
  } catch {
    return undefined;
  }
}
