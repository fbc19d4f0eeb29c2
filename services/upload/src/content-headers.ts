import { disposition } from '@driftbox/service-kit';

/** Types that a browser may show: none of them can run script. Everything else is an opaque attachment. */
const shown: Readonly<Record<string, string>> = {
  txt: 'text/plain; charset=utf-8',
  png: 'image/png',
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  gif: 'image/gif',
  webp: 'image/webp',
  avif: 'image/avif',
  mp3: 'audio/mpeg',
  ogg: 'audio/ogg',
  wav: 'audio/wav',
  mp4: 'video/mp4',
  webm: 'video/webm',
  pdf: 'application/pdf',
};

/** Kept by nobody but its reader, and asked about each time: access may have ended. */
export const contentCaching = 'private, no-cache';

/** The ETag of a file's content, strong: one revision of one entry has one content. */
export function etagOf(entryId: string, rev: number): string {
  return `"${entryId}.${rev}"`;
}

/**
 * Headers that keep people's files harmless in a browser: no sniffing, no script, nothing loaded, an attachment unless
 * the type is allow-listed and the caller wants it inline (RFC 6266 for the name).
 */
export function contentHeaders(
  file: { readonly name: string; readonly mtime: string },
  etag: string,
  wanted: 'inline' | 'attachment',
): Record<string, string> {
  const extension = /\.([A-Za-z0-9]{1,5})$/.exec(file.name)?.[1]?.toLowerCase() ?? '';
  const type = Object.hasOwn(shown, extension) ? shown[extension] : undefined;
  return {
    'content-type': type ?? 'application/octet-stream',
    'content-disposition': disposition(type !== undefined && wanted === 'inline' ? 'inline' : 'attachment', file.name),
    'content-security-policy': "default-src 'none'; sandbox",
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'cache-control': contentCaching,
    'accept-ranges': 'bytes',
    'last-modified': new Date(file.mtime).toUTCString(),
    etag,
  };
}
