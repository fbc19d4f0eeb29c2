export { connectRedis, type Redis } from './connect-redis.ts';
export { SharedRates, type Claim, type SharedRatesOptions } from './shared-rates.ts';
