/** The version of the protocol that this package describes; clients name it in `DriftBox-Protocol`. */
export const protocolVersion = 1;

/** What a server serves: its own version and the one before, where there is one. */
export const servedVersions: readonly number[] = [protocolVersion];
