/** Quoted for a unit file (systemd.syntax(7)): no specifier, no variable, no escape of its own. */
function quote(text: string): string {
  return `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('%', '%%').replaceAll('$', '$$$$')}"`;
}

/**
 * A systemd user unit that keeps a folder in sync from sign-in on. A stop that waits for a person (`halted`) is not followed
 * by another start; everything else is.
 */
export function systemdUnit(folder: string, command: readonly string[], haltedCode: number): string[] {
  return [
    '[Unit]',
    `Description=DriftBox sync of ${folder.replaceAll('%', '%%')}`,
    'After=network-online.target',
    '',
    '[Service]',
    `ExecStart=${[...command, 'sync', folder].map(quote).join(' ')}`,
    'Restart=on-failure',
    'RestartSec=30',
    `RestartPreventExitStatus=${haltedCode}`,
    'Nice=5',
    '',
    '[Install]',
    'WantedBy=default.target',
  ];
}
