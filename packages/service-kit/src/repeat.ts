/** Background work; `stop` ends it after the piece that runs. */
export type Repeated = { stop(): Promise<void> };

/** Does `work` every `everyMs`, never twice at once, and keeps no process alive for it; a failure is told, and the next turn tries anew. */
export function repeat(everyMs: number, work: (signal: AbortSignal) => Promise<unknown>, onError: (error: unknown) => void): Repeated {
  const stopping = new AbortController();
  let running: Promise<unknown> = Promise.resolve();
  let timer: NodeJS.Timeout;
  const schedule = (): void => {
    if (!stopping.signal.aborted) timer = setTimeout(turn, everyMs).unref();
  };
  const turn = (): void => {
    running = work(stopping.signal).catch(onError).then(schedule);
  };
  schedule();
  return {
    async stop() {
      stopping.abort();
      clearTimeout(timer);
      await running;
    },
  };
}
