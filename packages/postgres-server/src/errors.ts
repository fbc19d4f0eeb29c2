/** Another live process serves this folder already. Nothing was touched. */
export class ServerRunning extends Error {
  readonly pid: number;

  constructor(folder: string, pid: number) {
    super(`a database server already runs on ${folder} (process ${pid})`);
    this.name = 'ServerRunning';
    this.pid = pid;
  }
}

/** The server could not be set up or started; the message says what to do, or quotes the end of the server's log. */
export class ServerFailed extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'ServerFailed';
  }
}
