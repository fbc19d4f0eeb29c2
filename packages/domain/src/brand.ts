declare const brand: unique symbol;

/** A string or number that only a parser of this package may make: `DriveId` and `UserId` cannot be mixed up. */
export type Brand<Base, Name extends string> = Base & { readonly [brand]: Name };
