import { Agent, request } from 'node:https';
import { json } from 'node:stream/consumers';
import type { TestComponents } from './test-components.ts';

/** What the API server answered: a resource, a list, or a `Status` that says what is wrong. */
export type KubeAnswer = { readonly status: number; readonly body: KubeObject };

/** Any resource, as JSON. */
export type KubeObject = Readonly<Record<string, unknown>>;

/** What a request may carry beside its method and path. */
export type KubeRequest = {
  readonly body?: KubeObject;
  /** Default `application/json`. */
  readonly contentType?: string;
  /** In place of the administrator's. */
  readonly token?: string;
};

/** A Kubernetes API server for tests: any request, over connections that stay open. */
export type KubeApi = {
  /** Sends one request; any status is an answer. `path` begins with `/` and carries its query. */
  send(method: string, path: string, options?: KubeRequest): Promise<KubeAnswer>;
  /** Server-side apply, by force, as `driftbox-test`. `path` is the object's own. */
  apply(path: string, body: KubeObject): Promise<KubeAnswer>;
  close(): void;
};

/** Opens the API server that the test run started, or that it was given. */
export function openKubeApi({ url, authority, token, certificate, key }: TestComponents['k8s']): KubeApi {
  const agent = new Agent({
    keepAlive: true,
    maxSockets: 8,
    ca: authority,
    ...(certificate === undefined ? {} : { cert: certificate, key }),
  });
  const send: KubeApi['send'] = (method, path, options = {}) => {
    const bearer = options.token ?? token;
    const headers: Record<string, string> = { accept: 'application/json' };
    if (bearer !== undefined) headers['authorization'] = `Bearer ${bearer}`;
    if (options.body !== undefined) headers['content-type'] = options.contentType ?? 'application/json';
    return new Promise((resolve, reject) => {
      const question = request(`${url}${path}`, { method, agent, headers, timeout: 30_000 }, (answer) => {
        json(answer).then((body) => resolve({ status: answer.statusCode ?? 0, body: body as KubeObject }), reject);
      });
      question.once('timeout', () => question.destroy(new Error(`${method} ${path}: no answer within 30 s`)));
      question.once('error', reject);
      question.end(options.body === undefined ? undefined : JSON.stringify(options.body));
    });
  };
  return {
    send,
    apply: (path, body) => {
      const query = `${path.includes('?') ? '&' : '?'}fieldManager=driftbox-test&force=true`;
      return send('PATCH', `${path}${query}`, { body, contentType: 'application/apply-patch+yaml' });
    },
    close: () => agent.destroy(),
  };
}
