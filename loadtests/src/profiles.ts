import { buildChurn, idleCrowd, officeDay, onboardingWave, viralLink } from './mixes.ts';
import type { FileBounds } from '../k6/plan.ts';
import type { SlowerAtMost } from './judge-neighbour.ts';
import type { Mix } from './workloads.ts';

/** Requests arrive at a rate, however long answers take: as people do who know nothing of each other. */
export type OpenModel = {
  readonly kind: 'open';
  /** Arrivals a second at the start, then where each stage leads, evenly; `part` is its part of the profile's time. */
  readonly startRate: number;
  readonly stages: readonly { readonly part: number; readonly rate: number }[];
};

/** So many users each do one thing after the other, without a pause: a step for each number, of equal time. */
export type ClosedModel = { readonly kind: 'closed'; readonly steps: readonly number[] };

/** Each workload by itself, one after the other, after as long a time in which nobody does anything: what does each cost? */
export type AloneModel = { readonly kind: 'alone'; readonly users: number };

/** A way to load a DriftBox, as data. */
export type Profile = {
  readonly name: string;
  readonly about: string;
  readonly minutes: number;
  readonly model: OpenModel | ClosedModel | AloneModel;
  /** What people do, and how often. */
  readonly mix: Mix;
  /** Devices with an open socket that only wait, beside what the mix has. */
  readonly sockets: number;
  /** 8 MB are the most unless it says otherwise. */
  readonly files?: FileBounds;
  /** People who are signed up for it. */
  readonly users: number;
  /**
   * Whether late answers, and arrivals that found nobody free, fail it. Not smoke, which is to tell the same on every machine, busy
   * or not; nor stress, which makes answers late by intent. Their times are shown all the same.
   */
  readonly judgesSpeed: boolean;
  /** Bounds beside the objectives, for a run of the profile's own length. */
  readonly requestsAtLeast?: number;
  readonly failuresAtMost?: number;
  /** Whether memory, sockets and open files of the target must be no more at the end than in the middle. */
  readonly judgesFlatness?: boolean;
  /** Whether every process of every service is restarted meanwhile, one replica after the other, which must be done before the end. */
  readonly restarts?: boolean;
  readonly neighbour?: NeighbourFlood;
};

/**
 * A flood by another tenant of the server, over the second half of the time; the first half without its beginning is what it is
 * compared with.
 */
export type NeighbourFlood = {
  /** Requests a second. */
  readonly rate: number;
  readonly slowerAtMost: SlowerAtMost;
};

const steady = (rate: number): OpenModel => ({ kind: 'open', startRate: rate, stages: [{ part: 1, rate }] });

/** From a rate up to another one, and back. */
const wave = (low: number, high: number): OpenModel => ({
  kind: 'open',
  startRate: low,
  stages: [
    { part: 0.3, rate: high },
    { part: 0.4, rate: high },
    { part: 0.3, rate: low },
  ],
});

/**
 * What `npm run load` knows. Rates are in what people do in a second, each one request or some. The open ones stay at about half of what
 * a whole stack bears beside k6 on two cores, as `stress` shows it (docs/load.md).
 */
export const profiles: readonly Profile[] = [
  {
    name: 'smoke',
    about: 'does all of it work at a modest rate: at least 10,000 requests, at most 10 failures',
    minutes: 5 / 3,
    model: steady(95),
    mix: officeDay,
    sockets: 16,
    users: 8,
    judgesSpeed: false,
    requestsAtLeast: 10_000,
    failuresAtMost: 10,
  },
  {
    name: 'load',
    about: 'an office day at its usual rate',
    minutes: 10,
    model: steady(60),
    mix: officeDay,
    sockets: 32,
    files: { largestBytes: 128_000_000, pieceBytes: 8_000_000 },
    users: 16,
    judgesSpeed: true,
  },
  {
    name: 'stress',
    about: 'more and more users without a pause, to find the knee',
    minutes: 3,
    model: { kind: 'closed', steps: [1, 2, 4, 8, 16, 32] },
    mix: officeDay,
    sockets: 0,
    users: 32,
    judgesSpeed: false,
  },
  {
    name: 'soak',
    about: 'a modest rate for half an hour: memory, sockets and open files stay as they are',
    minutes: 30,
    model: steady(40),
    mix: officeDay,
    sockets: 32,
    files: { largestBytes: 1_000_000_000, pieceBytes: 8_000_000 },
    users: 16,
    judgesSpeed: true,
    judgesFlatness: true,
  },
  {
    name: 'rolling-restart',
    about: 'an office day while every service is restarted, one process after the other; of a stack',
    minutes: 5,
    model: steady(50),
    mix: officeDay,
    sockets: 32,
    users: 16,
    // On one machine the processes that start take the cores of those that answer.
    judgesSpeed: false,
    restarts: true,
  },
  {
    name: 'cost',
    about: 'each workload alone, two users: what one of each costs in CPU time of each part',
    minutes: 4,
    model: { kind: 'alone', users: 2 },
    mix: officeDay,
    sockets: 0,
    users: 8,
    judgesSpeed: false,
  },
  {
    name: 'spike',
    about: 'a sudden crowd of four times as many, and back',
    minutes: 2,
    model: {
      kind: 'open',
      startRate: 20,
      stages: [
        { part: 0.3, rate: 20 },
        { part: 0.05, rate: 80 },
        { part: 0.25, rate: 80 },
        { part: 0.05, rate: 20 },
        { part: 0.35, rate: 20 },
      ],
    },
    mix: officeDay,
    sockets: 32,
    users: 16,
    judgesSpeed: true,
  },
  {
    name: 'onboarding',
    about: 'a wave of people who sign up and put their first files',
    minutes: 1.5,
    model: wave(4, 12),
    mix: onboardingWave,
    sockets: 0,
    users: 8,
    judgesSpeed: true,
  },
  {
    name: 'churn',
    about: 'a build server: forty small files with one commit, deleted with the next',
    minutes: 1.5,
    model: steady(5),
    mix: buildChurn,
    sockets: 8,
    users: 4,
    judgesSpeed: true,
  },
  {
    name: 'viral',
    about: 'one link, opened by a crowd that comes and goes',
    minutes: 1.5,
    model: wave(2, 25),
    mix: viralLink,
    sockets: 0,
    users: 1,
    judgesSpeed: true,
  },
  {
    name: 'idle-crowd',
    about: 'a thousand sockets that only wait, and few commits',
    minutes: 1.5,
    model: steady(10),
    mix: idleCrowd,
    sockets: 1_000,
    users: 32,
    judgesSpeed: true,
  },
  {
    name: 'noisy-neighbour',
    about: 'an office day, over whose second half another tenant floods the server: how much slower is it?',
    minutes: 3,
    model: steady(20),
    mix: officeDay,
    sockets: 16,
    users: 8,
    // What the neighbour does to these times is judged instead.
    judgesSpeed: false,
    neighbour: { rate: 100, slowerAtMost: { 'p(95)': 2, 'p(99)': 3 } },
  },
];
