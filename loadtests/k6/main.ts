// What k6 runs: the workloads, by themselves or mixed, as the plan has them. `npm run load` writes the plan and starts k6.
import { plan } from './given-plan.ts';
import { churn } from './workloads/churn.ts';
import { crowd } from './workloads/crowd.ts';
import { download } from './workloads/download.ts';
import { edit } from './workloads/edit.ts';
import { flood } from './workloads/flood.ts';
import { link, viral } from './workloads/link.ts';
import { list } from './workloads/list.ts';
import { onboard } from './workloads/onboard.ts';
import { poll } from './workloads/poll.ts';
import { search } from './workloads/search.ts';
import { share } from './workloads/share.ts';
import { signIn } from './workloads/sign-in.ts';
import { upload } from './workloads/upload.ts';
import { wake } from './workloads/wake.ts';

export const options = plan.options;

const workloads: Readonly<Record<string, () => void | Promise<void>>> = {
  poll,
  list,
  download,
  upload,
  edit,
  search,
  share,
  link,
  wake,
  signIn,
  onboard,
  churn,
  viral,
};

export { churn, crowd, download, edit, flood, link, list, onboard, poll, search, share, signIn, upload, viral, wake };

/** One workload, chosen as often as the mix has it: for virtual users who each do one thing after the other. */
export async function mixed(): Promise<void> {
  let left = Math.random() * Object.values(plan.mix).reduce((sum, weight) => sum + weight, 0);
  for (const [name, weight] of Object.entries(plan.mix)) {
    left -= weight;
    if (left < 0) return workloads[name]?.();
  }
}

/** Where k6 leaves its figures and verdicts. */
export function handleSummary(data: unknown): Record<string, string> {
  return { [__ENV['LOAD_SUMMARY'] ?? '']: JSON.stringify(data) };
}
