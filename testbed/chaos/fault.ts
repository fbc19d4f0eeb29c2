/** One thing that is done to a world. Times are milliseconds. */
export type Fault =
  /** SIGKILL, and a start again after a while. */
  | { readonly kind: 'kill'; readonly part: string; readonly downMs: number }
  /** SIGSTOP, and SIGCONT after a while. */
  | { readonly kind: 'pause'; readonly part: string; readonly lastsMs: number }
  /** Every open connection is reset. */
  | { readonly kind: 'cut'; readonly link: string }
  /** Everything arrives this much later. */
  | { readonly kind: 'delay'; readonly link: string; readonly delayMs: number; readonly lastsMs: number }
  /** Nothing passes while connections stay open; then they are reset. */
  | { readonly kind: 'silence'; readonly link: string; readonly lastsMs: number }
  /** The far end of each connection goes away, and the near end is not told until the end. */
  | { readonly kind: 'half-open'; readonly link: string; readonly lastsMs: number }
  /** Each connection is reset when so many bytes have come back over it: what was done is not answered. */
  | { readonly kind: 'lose-answers'; readonly link: string; readonly afterBytes: number; readonly lastsMs: number }
  /** New connections are reset. */
  | { readonly kind: 'refuse'; readonly link: string; readonly lastsMs: number }
  /** The disk under the pool has no byte left. */
  | { readonly kind: 'fill'; readonly lastsMs: number }
  /** A pack is damaged where it lies, must be found and named, and is mended again. */
  | { readonly kind: 'corrupt' }
  /** The clock of a process is wrong by so much, forwards or backwards, and right again later. */
  | { readonly kind: 'clock'; readonly part: string; readonly jumpMs: number; readonly lastsMs: number };

export type FaultKind = Fault['kind'];

/** A fault as people read it. */
export function describeFault(fault: Fault): string {
  const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;
  switch (fault.kind) {
    case 'kill':
      return `kill ${fault.part}, down for ${seconds(fault.downMs)}`;
    case 'pause':
      return `pause ${fault.part} for ${seconds(fault.lastsMs)}`;
    case 'cut':
      return `cut ${fault.link}`;
    case 'delay':
      return `delay ${fault.link} by ${fault.delayMs} ms for ${seconds(fault.lastsMs)}`;
    case 'silence':
      return `silence on ${fault.link} for ${seconds(fault.lastsMs)}`;
    case 'half-open':
      return `half-open connections of ${fault.link} for ${seconds(fault.lastsMs)}`;
    case 'lose-answers':
      return `answers on ${fault.link} end after ${fault.afterBytes} bytes for ${seconds(fault.lastsMs)}`;
    case 'refuse':
      return `${fault.link} refuses connections for ${seconds(fault.lastsMs)}`;
    case 'fill':
      return `the pool's disk is full for ${seconds(fault.lastsMs)}`;
    case 'corrupt':
      return 'a pack is damaged';
    case 'clock':
      return `the clock of ${fault.part} is wrong by ${seconds(fault.jumpMs)} for ${seconds(fault.lastsMs)}`;
  }
}
