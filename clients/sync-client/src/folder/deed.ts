/** Something that sync did, on this device or on the server, as it is told to people and kept in the log. */
export type Deed = {
  readonly deed:
    | 'sent'
    | 'fetched'
    | 'made'
    | 'moved'
    | 'removed'
    | 'attributes'
    | 'conflict'
    /** The server refused it; the next pass plans anew. */
    | 'refused';
  /** On which side it was done. */
  readonly side: 'here' | 'server';
  readonly path: string;
  /** Where something came from, or why it was refused. */
  readonly detail?: string;
  /** Of a file whose content was sent or fetched, plain. */
  readonly sizeBytes?: number;
};

/** Hears of deeds as they are done. */
export type Tell = (deed: Deed) => void;
