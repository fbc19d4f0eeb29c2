import { parseQuantity } from '../quantity.ts';
import type { CellSpec } from './judge-hosts.ts';
import type { TenantSpec } from './tenant-intent.ts';

/** Of a Cell, what placing needs to know. */
export type PlaceableCell = {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly spec: CellSpec;
  readonly isReady: boolean;
  /** It is to be deleted. */
  readonly isGoing: boolean;
  /** Tenants that are in it, those that were deleted and kept included. */
  readonly tenants: number;
  /** It is made for whoever is placed in it, with any one of its pools; others keep all packs in their first. */
  readonly isToBeMade?: true;
};

/** Of a StoragePool, what placing needs to know. */
export type PlaceablePool = {
  readonly name: string;
  readonly isGoing: boolean;
  /** Bytes that may be promised in all, over-commitment included; absent where there is no bound. */
  readonly capacityBytes: bigint | undefined;
  /** Bytes that its tenants have been promised. */
  readonly promisedBytes: bigint;
};

/** Where a tenant goes, or why nowhere. `stalled`: somebody has to change something. */
export type Placement =
  | { readonly kind: 'placed'; readonly cell: string; readonly pool: string }
  | { readonly kind: 'stalled'; readonly reason: 'ReferenceMissing' | 'CellFull'; readonly message: string }
  | { readonly kind: 'waiting'; readonly reason: 'NoRoom' | 'Waiting'; readonly message: string };

/** What a tenant asks of its place; `storage` is what it is to be promised. */
export type Wish = Pick<TenantSpec, 'isolation' | 'pool'> & { readonly storage: string | undefined };

/**
 * Chooses a cell and a pool. A named cell is taken as it is; of others those that are ready stand first, then those with the most room.
 * The same state gives the same answer.
 */
export function placeTenant(wish: Wish, cells: readonly PlaceableCell[], pools: readonly PlaceablePool[]): Placement {
  const { shared } = wish.isolation;
  if (shared?.cell !== undefined) return placeInNamed(shared.cell, wish, cells, pools);
  const fitting = cells.filter((cell) => unfit(cell, wish) === undefined);
  const choices = fitting.flatMap((cell) => {
    const pool = choosePool(cell, wish, pools);
    return pool.kind === 'found' ? [{ cell, pool: pool.name }] : [];
  });
  const [best] = choices.toSorted((left, right) => compareCells(left.cell, right.cell));
  if (best !== undefined) return { kind: 'placed', cell: best.cell.name, pool: best.pool };
  const whyNot = cells.map((cell) => `${cell.name} ${unfit(cell, wish) ?? whyNoPool(cell, wish, pools)}`);
  const message = whyNot.length === 0 ? 'there is no cell' : `no cell fits: ${whyNot.slice(0, 10).join('; ')}`;
  return { kind: 'waiting', reason: 'NoRoom', message };
}

function placeInNamed(name: string, wish: Wish, cells: readonly PlaceableCell[], pools: readonly PlaceablePool[]): Placement {
  const cell = cells.find((one) => one.name === name);
  if (cell === undefined) return { kind: 'stalled', reason: 'ReferenceMissing', message: `there is no Cell ${name}` };
  if (cell.spec.template) return { kind: 'stalled', reason: 'ReferenceMissing', message: `Cell ${name} is a template, and never deployed` };
  if (cell.isGoing) return { kind: 'waiting', reason: 'Waiting', message: `Cell ${name} is to be deleted` };
  if (isFull(cell)) return { kind: 'stalled', reason: 'CellFull', message: `Cell ${name} ${unfit(cell, wish)}` };
  const pool = choosePool(cell, wish, pools);
  if (pool.kind === 'found') return { kind: 'placed', cell: name, pool: pool.name };
  if (pool.kind === 'full') return { kind: 'waiting', reason: 'NoRoom', message: pool.why };
  return { kind: 'stalled', reason: 'ReferenceMissing', message: pool.why };
}

/** Why a cell is not for this tenant, completing "the cell …"; undefined where it is. */
function unfit(cell: PlaceableCell, { isolation }: Wish): string | undefined {
  if (cell.spec.template) return 'is a template';
  if (cell.isGoing) return 'is to be deleted';
  const lacking = Object.entries(isolation.shared?.selector ?? {}).find(([name, value]) => cell.labels[name] !== value);
  if (lacking !== undefined) return `lacks the label ${lacking.join('=')}`;
  return isFull(cell) ? `has ${cell.tenants} tenants of at most ${cell.spec.maxTenants}` : undefined;
}

function isFull({ tenants, spec }: PlaceableCell): boolean {
  return tenants >= spec.maxTenants;
}

function compareCells(left: PlaceableCell, right: PlaceableCell): number {
  if (left.isReady !== right.isReady) return left.isReady ? -1 : 1;
  const fill = ({ tenants, spec }: PlaceableCell): number => tenants / spec.maxTenants;
  return fill(left) - fill(right) || (left.name < right.name ? -1 : 1);
}

type PoolChoice = { readonly kind: 'found'; readonly name: string } | { readonly kind: 'full' | 'missing'; readonly why: string };

function choosePool(cell: PlaceableCell, { pool: named, storage }: Wish, pools: readonly PlaceablePool[]): PoolChoice {
  const own = cell.isToBeMade === true ? cell.spec.pools : cell.spec.pools.slice(0, 1);
  if (named !== undefined && !own.includes(named))
    return { kind: 'missing', why: `Cell ${cell.name} keeps its packs in the StoragePool ${own.join(', ')}, not in ${named}` };
  const names = named === undefined ? own : [named];
  const there = names.flatMap((name) => pools.find((pool) => pool.name === name && !pool.isGoing) ?? []);
  if (there.length === 0) return { kind: 'missing', why: `there is no StoragePool ${names.join(', ')}` };
  const bytes = storage === undefined ? 0n : (parseQuantity(storage) ?? 0n);
  const roomy = there.find(({ capacityBytes, promisedBytes }) => capacityBytes === undefined || promisedBytes + bytes <= capacityBytes);
  if (roomy !== undefined) return { kind: 'found', name: roomy.name };
  return {
    kind: 'full',
    why: `no StoragePool of ${there.map(({ name }) => name).join(', ')} has ${storage ?? 'any bytes'} left to promise`,
  };
}

function whyNoPool(cell: PlaceableCell, wish: Wish, pools: readonly PlaceablePool[]): string {
  const pool = choosePool(cell, wish, pools);
  return pool.kind === 'found' ? 'fits' : `cannot hold it: ${pool.why}`;
}
