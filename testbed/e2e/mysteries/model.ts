/**
 * What one file may do while several devices write, read and delete it, seen from outside: a model after "Mysteries of
 * Dropbox" (Hughes, Pierce, Arts, Norell 2016). Devices send and receive unseen and whenever they like; a run is explained
 * if some interleaving of those unseen steps leads to everything that was observed.
 */

/** What is in the file; `undefined` when there is none. Every write writes another value. */
export type Value = string | undefined;

/** What is seen from outside. */
export type Observation =
  /** `old` is what the write replaced: nothing can have come in between. */
  | { readonly did: 'write'; readonly device: number; readonly old: Value; readonly value: Value }
  | { readonly did: 'read'; readonly device: number; readonly value: Value }
  /** All devices are in sync: what they hold, and what lies in conflict copies. */
  | { readonly did: 'stabilise'; readonly value: Value; readonly copies: readonly string[] };

/** `fresh`: has seen the server's newest value. `clean`: has told the server its own. */
type Device = { readonly value: Value; readonly fresh: boolean; readonly clean: boolean };
type State = { readonly server: Value; readonly copies: readonly string[]; readonly devices: readonly Device[] };

/** Explains a run, or answers the index of the first observation that nothing can have led to. */
export function explain(deviceCount: number, observations: readonly Observation[]): number | undefined {
  const still: Device = { value: undefined, fresh: true, clean: true };
  let states = new Map<string, State>();
  add(states, { server: undefined, copies: [], devices: Array.from({ length: deviceCount }, () => still) });
  for (const [index, observation] of observations.entries()) {
    const next = new Map<string, State>();
    for (const state of closure(states)) {
      const after = observe(state, observation);
      if (after !== undefined) add(next, after);
    }
    if (next.size === 0) return index;
    states = next;
  }
  return undefined;
}

function add(states: Map<string, State>, state: State): boolean {
  const key = JSON.stringify([
    state.server ?? null,
    state.copies,
    state.devices.map(({ value, fresh, clean }) => [value ?? null, fresh, clean]),
  ]);
  if (states.has(key)) return false;
  states.set(key, state);
  return true;
}

/** Every state that unseen steps lead to. There are finitely many: each step makes a device fresher or cleaner. */
function closure(states: Map<string, State>): State[] {
  const reached = new Map(states);
  const open = [...reached.values()];
  for (let state = open.pop(); state !== undefined; state = open.pop()) {
    for (const device of state.devices.keys())
      for (const after of [up(state, device), down(state, device)]) if (after !== undefined && add(reached, after)) open.push(after);
  }
  return [...reached.values()];
}

/** The device tells the server what it holds. */
function up(state: State, at: number): State | undefined {
  const device = state.devices[at];
  if (device === undefined || device.clean) return undefined;
  const wins = device.fresh || state.server === undefined;
  if (wins && device.value !== state.server) {
    const devices = state.devices.map((other, index) =>
      index === at ? { ...other, fresh: true, clean: true } : { ...other, fresh: false },
    );
    return { ...state, server: device.value, devices };
  }
  // It had not seen the newest value: a delete yields to it, and a write becomes a conflict copy beside it.
  const lost = !wins && device.value !== undefined && device.value !== state.server;
  const copies = lost ? [...state.copies, device.value].sort() : state.copies;
  return { ...state, copies, devices: replace(state.devices, at, { ...device, clean: true, fresh: device.value === state.server }) };
}

/** The device takes what the server holds. */
function down(state: State, at: number): State | undefined {
  const device = state.devices[at];
  if (device === undefined || device.fresh || !device.clean) return undefined;
  return { ...state, devices: replace(state.devices, at, { value: state.server, fresh: true, clean: true }) };
}

function observe(state: State, seen: Observation): State | undefined {
  if (seen.did === 'stabilise') {
    const settled = state.devices.every(({ fresh, clean, value }) => fresh && clean && value === seen.value);
    return settled && state.server === seen.value && state.copies.join() === [...seen.copies].sort().join() ? state : undefined;
  }
  const device = state.devices[seen.device];
  if (device === undefined) return undefined;
  if (seen.did === 'read') return device.value === seen.value ? state : undefined;
  if (device.value !== seen.old) return undefined;
  if (seen.old === undefined && seen.value === undefined) return state;
  return { ...state, devices: replace(state.devices, seen.device, { ...device, value: seen.value, clean: false }) };
}

function replace(devices: readonly Device[], at: number, device: Device): readonly Device[] {
  return devices.map((other, index) => (index === at ? device : other));
}
