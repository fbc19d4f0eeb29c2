import { sleep } from 'k6';
import crypto from 'k6/crypto';
import encoding from 'k6/encoding';
import { acknowledge, type Writer } from './commit.ts';
import { plan } from './given-plan.ts';
import { countFailure, jsonOf, send } from './send.ts';

/** Bytes a second of the line of somebody who sends a large file: 100 Mbit. */
const lineRate = 12_500_000;
const tus = { 'tus-resumable': '1.0.0' } as const;

/** Somebody saves a large file as a browser does it (`docs/tus.md`): piece by piece, of which k6 holds one, as fast as their line is. */
export function uploadPieces(index: number, { drive, accessToken }: Writer, sizeBytes: number): void {
  const name = `load-${globalThis.crypto.randomUUID()}`;
  const headers = { ...tus, 'upload-length': String(sizeBytes), 'upload-metadata': `path ${encoding.b64encode(name)}` };
  const begun = send({ route: 'createUpload', method: 'POST', path: `/v1/drives/${drive}/uploads`, accessToken, headers });
  if (begun === undefined) return;
  const { pieceBytes } = plan.files;
  const whole = crypto.createHash('sha256');
  const path = (begun.headers['Location'] ?? '').replace(/^https?:\/\/[^/]+/, '');
  for (let at = 0; at < sizeBytes; at += pieceBytes) {
    const piece = crypto.randomBytes(Math.min(pieceBytes, sizeBytes - at));
    whole.update(piece);
    const beganMs = Date.now();
    const sent = send({
      route: 'appendToUpload',
      method: 'PATCH',
      path,
      accessToken,
      headers: { ...tus, 'upload-offset': String(at) },
      body: piece,
      contentType: 'application/offset+octet-stream',
    });
    if (sent === undefined) return;
    sleep(Math.max(0, piece.byteLength / lineRate - (Date.now() - beganMs) / 1000));
  }
  const saved = send({ route: 'resolvePath', method: 'GET', path: `/v1/drives/${drive}/resolve?path=${name}`, accessToken });
  if (saved === undefined) return;
  const entry = jsonOf<{ entryId: string; rev: number; sizeBytes: number }>(saved);
  if (entry.sizeBytes === sizeBytes) acknowledge(index, entry, whole.digest('hex'), sizeBytes);
  else countFailure('resolvePath', `${entry.sizeBytes} bytes instead of ${sizeBytes}`);
}
