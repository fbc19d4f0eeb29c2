/** What is assumed of people and of how they are served; what it costs to serve them is measured. */
export type Assumptions = {
  readonly users: number;
  /** As many as one cell is to hold: what fails together. */
  readonly usersPerCell: number;
  readonly devicesPerUser: number;
  /** Of all devices, those with a socket open in the busiest hour. */
  readonly onlineShare: number;
  /** Things that one user does on a working day, all devices together, by the names of the workloads. */
  readonly perUserAndDay: Readonly<Record<string, number>>;
  /** Of a day's operations, those in its busiest hour, and by how much the busiest minutes are above that hour. */
  readonly busiestHourShare: number;
  readonly peakOverHour: number;
  /** The share of a core that may be busy at that peak: the rest is for a replica that is away, and for bursts. */
  readonly busyShare: number;
  /** Processes of each service in a cell at the least. */
  readonly replicasAtLeast: number;
  readonly filesPerUser: number;
  /** What a user's files take before and after chunks that are there already, deltas and compression. */
  readonly bytesPerUser: number;
  readonly storedShare: number;
  /** Bytes on disks for a byte in the pool: erasure coding or copies. */
  readonly poolOverhead: number;
  /** Rows and indexes of one file with its revisions, in one copy of the databases, and how many copies there are. */
  readonly databaseBytesPerFile: number;
  readonly databaseCopies: number;
  /** Of a commit, be it an upload, an edit or a small one: its events, and how long and in how many copies Kafka keeps them. */
  readonly eventBytesPerCommit: number;
  readonly eventDays: number;
  readonly eventCopies: number;
  /** Memory of sync for a socket that idles. */
  readonly bytesPerSocket: number;
};

/** A million people of offices: change a number, run `npm run load -- capacity`, and the page follows. */
export const assumptions: Assumptions = {
  users: 1_000_000,
  usersPerCell: 50_000,
  devicesPerUser: 2,
  onlineShare: 0.5,
  perUserAndDay: { poll: 80, list: 30, download: 25, upload: 15, edit: 10, search: 3, share: 0.2, link: 0.3, wake: 2, signIn: 1 },
  busiestHourShare: 0.15,
  peakOverHour: 2,
  busyShare: 0.6,
  replicasAtLeast: 2,
  filesPerUser: 8_000,
  bytesPerUser: 10e9,
  storedShare: 0.75,
  poolOverhead: 1.5,
  databaseBytesPerFile: 1_500,
  databaseCopies: 2,
  eventBytesPerCommit: 1_500,
  eventDays: 7,
  eventCopies: 3,
  bytesPerSocket: 40_000,
};
