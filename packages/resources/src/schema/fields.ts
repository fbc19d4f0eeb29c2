import { z } from 'zod';
import { isAtMost, quantityPattern } from '../quantity.ts';
import { ruled } from './rule.ts';
import { matches } from './rules.ts';

const label = '[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?';
// The last label begins with a letter: an IP address is no name.
const domainName = `(${label}\\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])?`;
const port = '(:[0-9]{1,5})?';
const maxBytes = '4Pi';

/** Text of at most `max` characters in the form that `pattern` says; `what` completes "is not". */
export function text(max: number, pattern: string, what: string) {
  return ruled(z.string().min(1).max(max), matches(pattern, what));
}

/** A whole number within bounds. */
export function whole(min: number, max: number) {
  return z.number().int().min(min).max(max);
}

/** A name by which another object is referred to: as Kubernetes names things, without dots. */
export const objectName = text(63, `^${label}$`, "an object's name: lower-case letters, digits and hyphens");

/** The name of a Secret in the operator's namespace. */
export const secretName = text(253, '^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$', "a Secret's name");

/** A host name with a dot, in lower case, without port and wildcard. Names inside a cluster are not for people. */
export const hostName = ruled(text(253, `^${domainName}$`, 'a host name in lower case such as files.example.com'), {
  on: 'every write',
  cel: "!self.endsWith('.svc') && !self.endsWith('.cluster.local')",
  message: 'is a name inside the cluster, which nobody outside can reach',
  holds: (self) => !self.endsWith('.svc') && !self.endsWith('.cluster.local'),
});

/** A host name or an address. */
export const serverName = text(253, '^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$', 'a host name or an address');

/** A host name or an address, and a port. */
export const serverAddress = text(259, '^[a-z0-9]([a-z0-9.-]*[a-z0-9])?:[0-9]{1,5}$', 'an address such as kafka-1.example.com:9092');

/** The address of an HTTP server, without path. */
export const serverUrl = text(512, `^https?://[a-z0-9]([a-z0-9.-]*[a-z0-9])?${port}$`, 'an address such as https://s3.example.com');

/** The same, where nothing may be read on the way. */
export const secureServerUrl = text(
  512,
  `^https://[a-z0-9]([a-z0-9.-]*[a-z0-9])?${port}$`,
  'an address without path, by TLS, such as https://bao.example.com:8200',
);

/** A bucket of an S3 server. */
export const bucketName = text(63, '^[a-z0-9]([a-z0-9.-]{1,61}[a-z0-9])$', "a bucket's name");

/** Where in a bucket something begins. */
export const objectPrefix = text(
  128,
  '^[a-z0-9]([a-z0-9._-]*[a-z0-9])?(/[a-z0-9]([a-z0-9._-]*[a-z0-9])?)*$',
  'a prefix such as driftbox/eu, without a slash at its ends',
);

/** Region that requests to an S3 server are signed for. */
export const region = text(64, '^[a-z0-9-]+$', 'a region such as eu-central-1')
  .default('us-east-1')
  .describe('Region that requests are signed for.');

/** The issuer of an OpenID provider. */
export const issuerUrl = text(
  512,
  `^https://[a-z0-9]([a-z0-9.-]*[a-z0-9])?${port}(/[A-Za-z0-9._~-]+)*/?$`,
  'an issuer such as https://login.example.com',
);

/** An address of mail. */
export const email = text(
  254,
  "^[A-Za-z0-9_+-]+([.'][A-Za-z0-9_+-]+)*@([a-z0-9]([a-z0-9-]*[a-z0-9])?\\.)+[a-z]{2,}$",
  'an address of mail such as admin@example.com',
);

/** A size such as `500Gi`: whole, with one unit at most, up to 4Pi. */
export const quantity = ruled(text(16, quantityPattern, 'a size such as 500Gi'), {
  on: 'every write',
  cel: `!isQuantity(self) || quantity(self).compareTo(quantity('${maxBytes}')) <= 0`,
  message: `is more than ${maxBytes}`,
  holds: (self) => isAtMost(self, maxBytes),
});

/** A size of something that can be extended but not shrunk. */
export const growingQuantity = ruled(quantity, {
  on: 'change',
  cel: '!isQuantity(self) || quantity(self).compareTo(quantity(oldSelf)) >= 0',
  message: 'only grows: what lies on it would not fit any more',
  holds: (self, old) => isAtMost(old, self),
});

/** A tenant's or an upload's UUID. */
export const uuid = text(36, '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$', 'a UUID in lower case');
