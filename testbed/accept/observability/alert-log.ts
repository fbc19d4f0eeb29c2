import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { waitFor } from '@driftbox/testkit';

type Told = { readonly alerts: readonly { readonly status: 'firing' | 'resolved'; readonly labels: Readonly<Record<string, string>> }[] };

/** Whoever Alertmanager tells: which alerts fire now, as it says. */
export type AlertLog = {
  readonly url: string;
  /** Forgets that an alert of this name has ever been told. */
  forget(alert: string): void;
  /** Resolves once an alert of this name was told since it was forgotten, or once none of it fires. */
  until(alert: string, state: 'firing' | 'resolved', deadlineMs: number): Promise<void>;
  close(): Promise<void>;
};

/** Takes Alertmanager's calls on a free port of this process. */
export async function openAlertLog(): Promise<AlertLog> {
  const firing = new Map<string, string>();
  const told = new Set<string>();
  const server = http.createServer((request, response) => {
    void json(request).then((body) => {
      for (const { status, labels } of (body as Told).alerts) {
        const key = JSON.stringify(Object.entries(labels).toSorted());
        const name = labels['alertname'] ?? '';
        if (status === 'resolved') firing.delete(key);
        else {
          firing.set(key, name);
          told.add(name);
        }
      }
      response.end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    forget: (alert) => void told.delete(alert),
    until: async (alert, state, deadlineMs) => {
      const holds = (): boolean => (state === 'firing' ? told.has(alert) : ![...firing.values()].includes(alert));
      await waitFor(holds, { deadlineMs, longestPauseMs: 500, what: `${alert} ${state}` });
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
