import { ensureInstalled, isInstalled } from './install/cache.ts';
import type { Component } from './component.ts';
import type { Report } from './install/installable.ts';

/** What became of one component's installation. */
export type InstallOutcome = {
  readonly name: string;
  /** `missing`: a prerequisite is not there, and `reason` says which; `failed`: it was tried. */
  readonly status: 'ready' | 'missing' | 'failed';
  readonly reason?: string;
  readonly seconds: number;
};

/** Installs what the components need, one after the other: a build uses every core by itself. Tells of each line with its name in front. */
export async function installComponents(wanted: readonly Component[], report: Report): Promise<InstallOutcome[]> {
  const outcomes: InstallOutcome[] = [];
  for (const component of wanted) outcomes.push(await install(component, (line) => report(`${component.name}: ${line}`)));
  return outcomes;
}

async function install({ name, needs }: Component, report: Report): Promise<InstallOutcome> {
  const startMs = performance.now();
  const done = (outcome: Pick<InstallOutcome, 'status' | 'reason'>): InstallOutcome => ({
    name,
    ...outcome,
    seconds: Math.round((performance.now() - startMs) / 100) / 10,
  });
  for (const program of needs.filter((one) => !isInstalled(one))) {
    const reason = await program.missing();
    if (reason !== undefined) return done({ status: 'missing', reason });
    report(`installing ${program.name} ${program.version}`);
    try {
      await ensureInstalled(program, report);
    } catch (error) {
      return done({ status: 'failed', reason: error instanceof Error ? error.message : String(error) });
    }
  }
  return done({ status: 'ready' });
}
