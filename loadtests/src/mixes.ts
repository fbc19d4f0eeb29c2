import type { Mix } from './workloads.ts';

/** What the people and devices of an office do: mostly ask whether there is anything new. */
export const officeDay: Mix = {
  poll: 0.52,
  list: 0.14,
  download: 0.14,
  upload: 0.105,
  edit: 0.03,
  search: 0.03,
  share: 0.01,
  link: 0.01,
  signIn: 0.015,
};
