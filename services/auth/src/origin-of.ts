/**
 * The address of a host name, by what the cell's public address says of scheme and port: `https://files.example.com:8443` makes
 * `acme.example.com` the address `https://acme.example.com:8443`. HTTPS at the usual port without one.
 */
export function originsLike(publicUrl: string | undefined): (host: string) => string {
  const { protocol, port } = new URL(publicUrl ?? 'https://localhost');
  return (host) => new URL(`${protocol}//${host.replace(/:\d+$/, '')}${port === '' ? '' : `:${port}`}`).origin;
}
