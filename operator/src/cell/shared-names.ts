import { masterKeys } from './names.ts';
import type { Master } from './master-secret.ts';

/** Names of a cell in back ends that others may use as well: all contain its id. */
export type SharedNames = {
  readonly database: string;
  /** The role of a service, or of its relay (`auth-relay`). */
  role(of: string): string;
  /** In front of packs, below the prefix of the pool. */
  readonly prefix: string;
  /** In front of keys and channels of Redis. */
  readonly redisPrefix: string;
  /** In front of topics and groups of a Kafka of others. */
  readonly kafkaPrefix: string;
};

/** Names by a cell's id; the first half of it is as unique as anybody needs, and PostgreSQL's names are short. */
export function sharedNames(master: Master): SharedNames {
  const id = master[masterKeys.cellId] ?? '';
  const short = id.replaceAll('-', '').slice(0, 16);
  return {
    database: `driftbox_${short}`,
    role: (of) => `${of.replace(/-relay$/, '')}_${short}${of.endsWith('-relay') ? '_relay' : ''}`,
    prefix: `${id}/packs/`,
    redisPrefix: `driftbox:${short}:`,
    kafkaPrefix: `${short}.`,
  };
}
