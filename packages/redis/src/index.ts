export { connectRedis, tryRedis, type Redis, type RedisTrust } from './connect-redis.ts';
export { takePasswords, takesPasswords, type Passwords } from './passwords.ts';
export type { PatientOptions } from './patient-redis.ts';
export { SharedRates, type Claim, type SharedRatesOptions } from './shared-rates.ts';
export { SharedValues, type SharedValuesOptions } from './shared-values.ts';
