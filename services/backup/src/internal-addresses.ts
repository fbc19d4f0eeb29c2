import { serviceNames, type ServiceName } from '@driftbox/protocol';

/** Reads `SERVICE=URL` with commas. Throws where one is no service or has no URL. */
export function internalAddresses(text: string): ReadonlyMap<ServiceName, string> {
  const pairs = text.split(',').filter((one) => one !== '');
  return new Map(
    pairs.map((pair): [ServiceName, string] => {
      const [name, ...rest] = pair.split('=');
      const service = serviceNames.find((one) => one === name);
      const url = rest.join('=');
      if (service === undefined || !/^https?:\/\//.test(url))
        throw new Error(`DRIFTBOX_BACKUP_INTERNAL: ${pair} is not SERVICE=URL, SERVICE one of ${serviceNames.join(', ')}`);
      return [service, url];
    }),
  );
}
