/** Where a daemon sleeps until something calls for a pass. Whatever came while it was awake wakes it at once. */
export class Wake {
  #called = false;
  #wake: (() => void) | undefined;

  /** Something calls for a pass. */
  call(): void {
    this.#called = true;
    this.#wake?.();
  }

  /** Resolves when called, at the latest after `timeoutMs`. */
  async sleep(timeoutMs: number): Promise<void> {
    if (!this.#called) {
      await new Promise<void>((resolve) => {
        // Longer than timers can be is never needed: the caller asks again.
        const timer = setTimeout(resolve, Math.min(Math.max(0, timeoutMs), 2 ** 31 - 1));
        this.#wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
    this.#wake = undefined;
    this.#called = false;
  }
}
