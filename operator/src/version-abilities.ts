import { compareVersions } from './catalogue.ts';

/** True of versions whose parts call one another by TLS. */
export function speaksTls(version: string): boolean {
  return isAfterFirst(version);
}

/** True of versions whose charts can leave back ends to operators of others. */
export function canDelegate(version: string): boolean {
  return isAfterFirst(version);
}

/** True of versions whose back ends have a part that runs the image of the services. */
export function copiesByServices(version: string): boolean {
  return isAfterFirst(version);
}

/** 0.1.0 knows nothing of any of this; whatever leads to the version after it does. */
function isAfterFirst(version: string): boolean {
  return compareVersions(version, '0.1.0') > 0;
}
