import type { Logger } from './logger.ts';

/**
 * Runs `stop` once at SIGTERM or SIGINT, and then ends the process: with 0, or with 1 if that failed. What is still being
 * tried in the background, as to join brokers that are away, keeps no process alive.
 */
export function stopOnSignal(stop: () => Promise<void>, log: Logger): void {
  let isStopping = false;
  const end = async (): Promise<void> => {
    if (isStopping) return;
    isStopping = true;
    try {
      await stop();
      process.exit(0);
    } catch (error) {
      log.error({ err: error }, 'stopping failed');
      process.exit(1);
    }
  };
  for (const name of ['SIGTERM', 'SIGINT'] as const) process.on(name, () => void end());
}
