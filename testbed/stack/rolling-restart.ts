import type { Stack } from './start-stack.ts';

/** All replicas of one service, and how they are restarted. */
export type ServiceRestart = { readonly name: string; readonly act: () => Promise<void> };

/** Each service restarted as an upgrade does it: one replica after the other is told to stop, drains, and starts again. */
export function rollingRestarts({ replicas, verifies }: Stack): readonly ServiceRestart[] {
  return Object.entries({ ...replicas, verify: verifies }).map(([name, all]) => ({
    name,
    act: async () => {
      for (const replica of all) {
        await replica.stop();
        await replica.start();
      }
    },
  }));
}
