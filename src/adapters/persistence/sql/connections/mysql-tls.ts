import { connect, type Socket } from 'node:net';
import type { ConnectionOptions } from 'node:tls';

interface ServerAddress {
  readonly host: string;
  readonly port: number;
}

/** Options of mysql2 for encrypted connections. A connection never falls back to plain text. */
export function encrypted(tls: ConnectionOptions, address: ServerAddress) {
  const { ca, cert, key, rejectUnauthorized = true } = tls;
  const name = tls.servername ?? address.host;
  // mysql2 checks the name only with this option.
  const verifyIdentity = rejectUnauthorized && !tls.checkServerIdentity;
  return {
    host: name,
    stream: () => connectTo(address, name),
    ssl: { ca, cert, key, rejectUnauthorized, verifyIdentity },
  };
}

/**
 * mysql2 lets Node encrypt a socket that is connected already. Node then verifies the certificate
 * for the host name of that socket. Without a host name it uses `localhost`, so for an IP address
 * any certificate for `localhost` would be accepted.
 */
function connectTo({ host, port }: ServerAddress, name: string): Socket {
  const socket = connect({ host, port, noDelay: true, keepAlive: true });
  return Object.assign(socket, { _host: name });
}
