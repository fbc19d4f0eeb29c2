export { createVerify, type Verify, type VerifyOptions } from './app.ts';
export { verifyConfig } from './config.ts';
export type { TenantLimits } from './context.ts';
