import config from './jest.config.js';
const { globalSetup, globalTeardown, ...rest } = config;
export default rest;
