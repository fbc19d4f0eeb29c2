/** `durable`: an acknowledged commit survives a power cut. `fast`: for tests, whose data may vanish with the machine. */
export type Durability = 'durable' | 'fast';

const shared = {
  max_connections: '100',
  shared_buffers: '128MB',
  listen_addresses: '',
  timezone: 'UTC',
  log_timezone: 'UTC',
  lc_messages: 'C',
  wal_level: 'minimal',
  max_wal_senders: '0',
  jit: 'off',
  log_min_messages: 'warning',
  password_encryption: 'scram-sha-256',
};

const byDurability = {
  durable: {
    fsync: 'on',
    synchronous_commit: 'on',
    full_page_writes: 'on',
    max_wal_size: '1GB',
    min_wal_size: '128MB',
    autovacuum_naptime: '2s',
  },
  fast: {
    fsync: 'off',
    synchronous_commit: 'off',
    full_page_writes: 'off',
    max_wal_size: '4GB',
    autovacuum: 'off',
    shared_buffers: '256MB',
    max_connections: '200',
  },
};

/** The server's settings as command-line flags; `own` wins. */
export function settingFlags(durability: Durability, own: Readonly<Record<string, string>>): string[] {
  return Object.entries({ ...shared, ...byDurability[durability], ...own }).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
}
