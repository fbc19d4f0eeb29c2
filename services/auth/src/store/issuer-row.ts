/** An issuer as the database holds it. */
export type IssuerRow = {
  readonly name: string;
  readonly displayName: string | null;
  readonly issuer: string;
  readonly clientId: string;
  readonly sealedSecret: Buffer | null;
  readonly domains: readonly string[] | null;
  readonly managed: boolean;
  readonly updatedMs: number;
};

/** The columns of an `IssuerRow`, of a table or alias called `issuers`. */
export const issuerColumns = `issuers.name, issuers.display_name AS "displayName", issuers.issuer, issuers.client_id AS "clientId",
  issuers.sealed_secret AS "sealedSecret", issuers.domains, issuers.managed, issuers.updated_at AS "updatedMs"`;
