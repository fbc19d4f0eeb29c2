import type { Mail, Mailer } from './mailer.ts';

/** What a queue tells of mails that did not go. */
type Log = { error(about: object, message: string): void; warn(about: object, message: string): void };
type Options = { readonly maximum?: number; readonly attempts?: number; readonly retryMs?: number };

/**
 * Sends mails behind the answer, one after the other, so that a slow mail server delays nobody and betrays nothing. It is
 * kept in memory on purpose: mails hold secrets, which are stored nowhere. What a crash loses, people ask for again.
 */
export class MailQueue {
  readonly #mailer: Mailer;
  readonly #log: Log;
  readonly #options: Required<Options>;
  readonly #stop = new AbortController();
  /** When each mail that waits, or is being sent, was queued; by a clock that nobody can set. */
  readonly #queuedMs: number[] = [];
  #last: Promise<void> = Promise.resolve();

  constructor(mailer: Mailer, log: Log, options: Options = {}) {
    this.#mailer = mailer;
    this.#log = log;
    this.#options = { maximum: 1_000, attempts: 3, retryMs: 2_000, ...options };
  }

  /** Queues a mail. With a full queue it is dropped, and the log says so. */
  send(mail: Mail): void {
    if (this.#queuedMs.length >= this.#options.maximum || this.#stop.signal.aborted) {
      this.#log.error({ waiting: this.#queuedMs.length }, 'the mail queue is full: a mail was dropped');
      return;
    }
    this.#queuedMs.push(performance.now());
    this.#last = this.#last
      .then(() => this.#deliver(mail))
      .finally(() => {
        this.#queuedMs.shift();
      });
  }

  /** How many mails have not been sent or given up, and for how long the first of them has waited. */
  backlog(): { readonly waiting: number; readonly oldestMs: number } {
    const nowMs = performance.now();
    return { waiting: this.#queuedMs.length, oldestMs: nowMs - (this.#queuedMs[0] ?? nowMs) };
  }

  /** Resolves once everything queued so far has been sent or given up. */
  async flush(): Promise<void> {
    await this.#last;
  }

  /** Sends what is queued without further retries, then closes the mailer. */
  async close(): Promise<void> {
    this.#stop.abort();
    await this.#last;
    await this.#mailer.close();
  }

  async #deliver(mail: Mail): Promise<void> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        await this.#mailer.send(mail);
        return;
      } catch (error) {
        if (attempt >= this.#options.attempts || this.#stop.signal.aborted) {
          this.#log.error({ err: error, attempt }, 'a mail could not be sent, and is given up');
          return;
        }
        this.#log.warn({ err: error, attempt }, 'a mail could not be sent');
        await this.#pause(this.#options.retryMs * attempt);
      }
    }
  }

  #pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.#stop.signal.addEventListener(
        'abort',
        () => {
          clearTimeout(timer);
          resolve();
        },
        { once: true },
      );
    });
  }
}
