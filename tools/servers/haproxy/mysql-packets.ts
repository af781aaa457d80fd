/**
 * Packets of the MySQL protocol that haproxy sends to ask a member for its state; its own check only
 * logs in, which a member without a majority also accepts.
 */

const PROTOCOL_41 = 0x200;
const SECURE_CONNECTION = 0x80_00;
const UTF8 = 33;
const MAX_PACKET = 2 ** 24;
const COM_QUERY = 3;

/** The second packet of a connection: the log-in of an account without a password. */
export function handshakeResponse(user: string): Buffer {
  const fixed = Buffer.alloc(32);
  fixed.writeUInt32LE(PROTOCOL_41 + SECURE_CONNECTION, 0);
  fixed.writeUInt32LE(MAX_PACKET, 4);
  fixed.writeUInt8(UTF8, 8);
  return packet(1, Buffer.concat([fixed, Buffer.from(`${user}\0\0`)]));
}

export function query(sql: string): Buffer {
  return packet(0, Buffer.concat([Buffer.from([COM_QUERY]), Buffer.from(sql)]));
}

function packet(sequence: number, content: Buffer): Buffer {
  const header = Buffer.alloc(4);
  header.writeUIntLE(content.length, 0, 3);
  header.writeUInt8(sequence, 3);
  return Buffer.concat([header, content]);
}
