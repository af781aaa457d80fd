import { connect, type Socket } from 'node:net';
import type { ConnectionOptions } from 'node:tls';

interface ServerAddress {
  readonly host: string;
  readonly port: number;
}

/** mysql2's options for connections that are encrypted, and never in plain text instead. */
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
 * mysql2 has Node encrypt a socket that it has connected before. Node verifies the certificate for
 * the host that such a socket was connected to by name; without one it takes `localhost`, so for
 * an IP address the certificate of any `localhost` would do.
 */
function connectTo({ host, port }: ServerAddress, name: string): Socket {
  const socket = connect({ host, port, noDelay: true, keepAlive: true });
  return Object.assign(socket, { _host: name });
}
