export { joinCell, type Cell } from './join-cell.ts';
export { openHints } from './open-hints.ts';
export { openProcess, type OwnDatabase, type ServiceProcess } from './open-process.ts';
export { processSettings } from './process-settings.ts';
