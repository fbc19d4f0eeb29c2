export { readConfig, standaloneConfig, type StandaloneConfig } from './config.ts';
export { startStandalone, type Standalone } from './start-standalone.ts';
