/** A field of a message: bytes of a text or a nested message, or a whole number. */
export interface ProtobufField {
  readonly number: number;
  readonly value: Buffer | bigint;
}

/**
 * The fields of a message, as they are on the wire
 * (https://protobuf.dev/programming-guides/encoding).
 *
 * @throws RangeError the bytes are no message
 */
export function fieldsOf(message: Buffer): ProtobufField[] {
  const fields: ProtobufField[] = [];
  let at = 0;
  const varint = () => {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = message.readUInt8(at);
      at += 1;
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
  };
  const take = (length: number) => {
    const end = at + length;
    if (end > message.length) throw new RangeError('a field is longer than its message');
    const part = message.subarray(at, end);
    at = end;
    return part;
  };
  const readValue: Readonly<Record<number, () => Buffer | bigint>> = {
    0: varint,
    1: () => take(8).readBigUInt64LE(),
    2: () => take(Number(varint())),
    5: () => BigInt(take(4).readUInt32LE()),
  };
  while (at < message.length) {
    const key = Number(varint());
    const read = readValue[key & 7];
    if (!read) throw new RangeError(`wire type ${key & 7} is not known`);
    fields.push({ number: key >>> 3, value: read() });
  }
  return fields;
}
