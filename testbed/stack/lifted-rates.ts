const most = 1_000_000;

/** Requests that nobody comes near, for `startStack`: who loads it from one address measures the services, not what a gateway refuses. */
export const liftedRates = {
  gatewayLimits: {
    addressRequestsPerSecond: most,
    addressRequestBurst: most,
    openRequestsPerSecond: most,
    openRequestBurst: most,
    addressConnections: 10_000,
  },
  tenantLimits: { requestsPerSecond: most, requestBurst: most, userRequestsPerSecond: most, userRequestBurst: most },
} as const;
