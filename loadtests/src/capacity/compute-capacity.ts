import { sizeClasses } from '../../k6/file-size.ts';
import type { OperationCost } from '../operation-costs.ts';
import { ownParts } from '../part-name.ts';
import type { Assumptions } from './assumptions.ts';

/** What was measured: the cost of each operation, and the memory after them: of one process of a service, of all of a back end. */
export type Measured = {
  readonly costs: readonly OperationCost[];
  readonly memoryBytes: Readonly<Record<string, number>>;
};

/** What one part of one cell needs at the peak. */
export type PartNeed = { readonly part: string; readonly cores: number; readonly processes: number; readonly memoryBytes: number };

/** What all of it needs, in units that no price list has. */
export type Capacity = {
  readonly cells: number;
  /** Operations a second at the peak, all cells together. */
  readonly operations: readonly { readonly name: string; readonly perSecond: number }[];
  /** Of one cell. */
  readonly parts: readonly PartNeed[];
  readonly coresOfCell: number;
  readonly memoryOfCell: number;
  /** On disks, all cells and all copies. */
  readonly poolBytes: number;
  readonly databaseBytes: number;
  readonly eventBytes: number;
  readonly sockets: number;
  /** Content at the peak, bytes a second, all cells. */
  readonly inPerSecond: number;
  readonly outPerSecond: number;
};

/** A process of a service has one thread for its requests. */
const coresOfProcess = 1;

/** Computes the needs. Throws where an operation is assumed whose cost was not measured. */
export function computeCapacity(given: Assumptions, { costs, memoryBytes }: Measured): Capacity {
  const cells = Math.ceil(given.users / given.usersPerCell);
  const atPeak = (given.busiestHourShare * given.peakOverHour) / 3_600;
  const operations = Object.entries(given.perUserAndDay).map(([name, each]) => ({ name, perSecond: given.users * each * atPeak }));
  const usedMs = (part: string): number =>
    operations.reduce((sum, { name, perSecond }) => {
      const cost = costs.find(({ operation }) => operation === name);
      if (cost === undefined) throw new Error(`what ${name} costs was not measured: npm run load -- cost --target stack`);
      return sum + perSecond * (cost.cpuMs[part] ?? 0);
    }, 0);
  const sockets = given.users * given.devicesPerUser * given.onlineShare;
  const names = [...new Set(costs.flatMap(({ cpuMs }) => Object.keys(cpuMs)))].toSorted();
  const parts = names.map((part): PartNeed => {
    const cores = usedMs(part) / 1_000 / cells / given.busyShare;
    const processes = ownParts.includes(part) ? Math.max(given.replicasAtLeast, Math.ceil(cores / coresOfProcess)) : 1;
    const ofSockets = part === 'sync' ? (sockets / cells) * given.bytesPerSocket : 0;
    return { part, cores, processes, memoryBytes: processes * (memoryBytes[part] ?? 0) + ofSockets };
  });
  const sum = (of: (part: PartNeed) => number): number => parts.reduce((total, part) => total + of(part), 0);
  const rateOf = (name: string): number => operations.find((one) => one.name === name)?.perSecond ?? 0;
  return {
    cells,
    operations,
    parts,
    coresOfCell: sum(({ cores }) => cores),
    memoryOfCell: sum((part) => part.memoryBytes),
    poolBytes: given.users * given.bytesPerUser * given.storedShare * given.poolOverhead,
    databaseBytes: given.users * given.filesPerUser * given.databaseBytesPerFile * given.databaseCopies,
    eventBytes: given.users * commitsOf(given) * given.eventBytesPerCommit * given.eventDays * given.eventCopies,
    sockets,
    inPerSecond: rateOf('upload') * meanFileBytes(),
    outPerSecond: rateOf('download') * meanFileBytes(),
  };
}

/** Commits of one user on a day; what else makes events is rare beside them. */
function commitsOf({ perUserAndDay }: Assumptions): number {
  return ['upload', 'edit', 'wake'].reduce((sum, name) => sum + (perUserAndDay[name] ?? 0), 0);
}

/** Of the files of the load: each class is even by magnitude, which has a mean of (b - a) / ln(b / a). */
export function meanFileBytes(): number {
  let least = 1;
  let mean = 0;
  for (const { share, mostBytes } of sizeClasses) {
    mean += (share * (mostBytes - least)) / Math.log(mostBytes / least);
    least = mostBytes;
  }
  return mean;
}
