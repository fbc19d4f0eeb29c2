import { TenantErased } from './errors.ts';

/** Does `work`, or nothing for an erased tenant: of those nothing is kept, and their last events may come after their end. */
export async function unlessErased(work: () => Promise<unknown>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof TenantErased)) throw error;
  }
}
