/** The whole of a body as bytes. Throws `RangeError` beyond `maxBytes`. */
export async function readBody(body: AsyncIterable<Uint8Array>, maxBytes: number): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  let sizeBytes = 0;
  for await (const piece of body) {
    sizeBytes += piece.length;
    if (sizeBytes > maxBytes) throw new RangeError(`an answer of more than ${maxBytes} bytes`);
    pieces.push(piece);
  }
  const [first] = pieces;
  return first !== undefined && pieces.length === 1 ? first : Buffer.concat(pieces);
}

/** The JSON of a body; `undefined` for an empty one. Throws `SyntaxError` for anything else. */
export async function readJson(body: AsyncIterable<Uint8Array>, maxBytes: number): Promise<unknown> {
  const bytes = await readBody(body, maxBytes);
  return bytes.length === 0
    ? undefined
    : (JSON.parse(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('utf8')) as unknown);
}
