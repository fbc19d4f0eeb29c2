import { Counter, type Registry } from 'prom-client';

/** What auth measures besides its requests; labels are closed sets. */
export type AuthMetrics = { readonly swept: Counter; readonly signIns: Counter<'outcome'>; readonly issuerSignIns: Counter<'outcome'> };

/** Registers auth's own metrics. */
export function createMetrics(registry: Registry): AuthMetrics {
  const registers = [registry];
  return {
    swept: new Counter({ name: 'driftbox_auth_swept_rows_total', help: 'Expired rows deleted', registers }),
    signIns: new Counter({
      name: 'driftbox_auth_sign_ins_total',
      help: 'Sign-ins with a password, by outcome; many refused or throttled mean that somebody guesses',
      labelNames: ['outcome'],
      registers,
    }),
    issuerSignIns: new Counter({
      name: 'driftbox_auth_issuer_sign_ins_total',
      help: 'Sign-ins by an OpenID issuer, by outcome; many refused mean that an issuer or its client is set wrongly',
      labelNames: ['outcome'],
      registers,
    }),
  };
}
