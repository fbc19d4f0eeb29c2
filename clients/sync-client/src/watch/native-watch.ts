import path from 'node:path';
import parcel from '@parcel/watcher';
import { ownFolder } from '../disk/traits.ts';
import type { Watch } from './watcher.ts';

/** Watches by what the operating system has for it: inotify, FSEvents, ReadDirectoryChangesW. */
export const nativeWatch: Watch = async (folder, listener) => {
  const subscription = await parcel.subscribe(
    folder,
    (error, events) => {
      if (error !== null) listener.overflowed(error.message);
      else listener.changed(events.map((event) => path.relative(folder, event.path)));
    },
    { ignore: [ownFolder] },
  );
  return {
    close: async () => {
      // Of folders that are gone the system has let go by itself, which the library takes for a failure.
      await subscription.unsubscribe().catch(() => {});
    },
  };
};
