/** Where the page of an alert is read. */
export function runbookUrl(name: string): string {
  return `https://driftbox.dev/docs/runbooks/${name}`;
}
