/** Things next to each other with one group stay together; one without a group is by itself. In order. */
export function groupsOf<T>(all: readonly T[], groupOf: (one: T) => unknown): T[][] {
  const groups: T[][] = [];
  for (const one of all) {
    const group = groupOf(one);
    const last = groups.at(-1);
    if (group !== undefined && last?.[0] !== undefined && groupOf(last[0]) === group) last.push(one);
    else groups.push([one]);
  }
  return groups;
}
