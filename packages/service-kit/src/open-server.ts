import http from 'node:http';
import https from 'node:https';
import { leastVersion, type CertificateFiles } from './certificate-files.ts';

/** A server of HTTP, or where there is a certificate of HTTPS. It listens nowhere yet. */
export function openServer(
  options: http.ServerOptions,
  handler: http.RequestListener,
  certificate: CertificateFiles | undefined,
): http.Server {
  if (certificate === undefined) return http.createServer(options, handler);
  const handshakeTimeout = options.headersTimeout;
  const secure = {
    ...certificate.shown,
    minVersion: leastVersion,
    ...(handshakeTimeout === undefined ? {} : { handshakeTimeout }),
  } as const;
  const server = https.createServer({ ...options, ...secure }, handler);
  certificate.follow(server);
  return server;
}
