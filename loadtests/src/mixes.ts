import type { Mix } from './workloads.ts';

/** What the people and devices of an office do: mostly ask whether there is anything new. */
export const officeDay: Mix = {
  poll: 0.51,
  list: 0.14,
  download: 0.14,
  upload: 0.105,
  edit: 0.03,
  search: 0.03,
  share: 0.01,
  link: 0.01,
  wake: 0.01,
  signIn: 0.015,
};

/** The morning on which a company comes: people sign up and put their first files, and those who are there already look around. */
export const onboardingWave: Mix = { onboard: 0.25, poll: 0.3, list: 0.2, upload: 0.15, signIn: 0.1 };

/** A build server puts and deletes many small files, and devices follow it. */
export const buildChurn: Mix = { churn: 0.2, poll: 0.6, list: 0.2 };

/** A link that has gone round: nobody is signed in. */
export const viralLink: Mix = { viral: 1 };

/** Devices that only wait, of which one is woken up now and then. */
export const idleCrowd: Mix = { poll: 0.9, wake: 0.1 };
