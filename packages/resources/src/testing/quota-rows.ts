import { quotaKind } from '../kinds/quota.ts';
import { rowsOf, type Row } from './row.ts';

const { taken, refused, changed } = rowsOf(quotaKind, {});
const size = 'is not a size such as 500Gi';

/** Quotas, good and bad. */
export const quotaRows: readonly Row[] = [
  taken('a quota without any limit', {}),
  taken('bytes in binary units', { storage: '500Gi' }),
  taken('bytes in decimal units', { storage: '2T' }),
  taken('bytes without unit', { storage: '1048576' }),
  taken('the largest size', { storage: '4Pi' }),
  refused('more than the largest size', { storage: '5Pi' }, 'spec.storage', 'is more than 4Pi'),
  refused('a size as a number', { storage: 500 }, 'spec.storage', 'must be of type string'),
  refused('a size in another notation', { storage: '500GB' }, 'spec.storage', size),
  refused('a fraction of a size', { storage: '1.5Gi' }, 'spec.storage', size),
  refused('a negative size', { storage: '-1Gi' }, 'spec.storage', size),
  refused('nothing as a size', { storage: '0' }, 'spec.storage', size),
  refused('an empty size', { storage: '' }, 'spec.storage', 'should be at least 1 chars long'),
  refused('a size with a space', { storage: '500 Gi' }, 'spec.storage', size),
  refused('a size that is too long', { storage: '12345678901234567' }, 'spec.storage', 'Too long: may not be more than 16'),
  taken('all sizes at once', { storage: '1Ti', storagePerUser: '100Gi', fileSize: '50Gi', egressPerMonth: '3Ti' }),
  taken('a part as large as the whole', { storage: '1Gi', storagePerUser: '1Gi', fileSize: '1024Mi' }),
  refused(
    'a user with more than everybody',
    { storage: '1Gi', storagePerUser: '2Gi' },
    'spec.storagePerUser',
    'storagePerUser is more than storage',
  ),
  refused('a file larger than everything', { storage: '1Gi', fileSize: '2Gi' }, 'spec.fileSize', 'fileSize is more than storage'),
  taken('counts', { files: 1, users: 0, uploads: 10, sockets: 100, links: 1_000 }),
  refused('a negative count', { files: -1 }, 'spec.files', 'should be greater than or equal to 0'),
  refused('half a file', { files: 1.5 }, 'spec.files', 'must be of type integer'),
  refused('a count as text', { users: '10' }, 'spec.users', 'must be of type integer'),
  refused('a count beyond the bound', { users: 2_000_000_000 }, 'spec.users', 'should be less than or equal to 1000000000'),
  taken('rates', { requests: { perSecond: 10, burst: 20 }, requestsPerUser: { perSecond: 1, burst: 1 } }),
  refused('a burst below the rate', { requests: { perSecond: 10, burst: 5 } }, 'spec.requests.burst', 'burst is less than perSecond'),
  refused('a rate without burst', { requests: { perSecond: 10 } }, 'spec.requests.burst', 'Required value'),
  refused(
    'no requests at all',
    { requestsPerUser: { perSecond: 0, burst: 1 } },
    'spec.requestsPerUser.perSecond',
    'greater than or equal to 1',
  ),
  taken('retention in part', { retention: { trashDays: 7 } }),
  refused('retention for ever', { retention: { historyDays: 100_000 } }, 'spec.retention.historyDays', 'less than or equal to 3650'),
  refused('a misspelt field', { storrage: '1Gi' }, 'spec.storrage', 'unknown field "spec.storrage"'),
  refused('a misspelt field further in', { retention: { trash: 7 } }, 'spec.retention.trash', 'unknown field "spec.retention.trash"'),
  changed('limits go down', { storage: '1Ti', files: 100 }, { storage: '1Gi', files: 10 }),
  changed('limits go away', { storage: '1Ti' }, {}),
  taken('a name of 40', {}, 'q'.repeat(40)),
  refused('a name of 41', {}, '', 'metadata.name has at most 40', 'q'.repeat(41)),
  refused('a name with a dot', {}, '', 'metadata.name has at most 40', 'a.b'),
  refused('a name that begins with a digit', {}, '', 'metadata.name has at most 40', '1a'),
];
