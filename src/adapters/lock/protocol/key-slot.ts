const SLOTS = 16_384;
const POLYNOMIAL = 0x1021;

/**
 * The Redis Cluster slot of a name: CRC-16 (XMODEM) of its hash tag, or of all of it without one
 * (https://redis.io/docs/latest/operate/oss_and_stack/reference/cluster-spec/#hash-tags).
 */
export function keySlot(name: string): number {
  let crc = 0;
  for (const byte of Buffer.from(hashTag(name))) {
    crc ^= byte << 8;
    for (let bit = 0; bit < 8; bit += 1) {
      crc = ((crc << 1) ^ (crc & 0x8000 ? POLYNOMIAL : 0)) & 0xffff;
    }
  }
  return crc % SLOTS;
}

const tags: string[] = [];
let tried = 0;

/** A short text that hashes to the slot: a hash tag for names that must lie in that slot. */
export function slotTag(slot: number): string {
  let tag = tags[slot];
  while (tag === undefined) {
    const text = tried.toString(36);
    tags[keySlot(text)] ??= text;
    tried += 1;
    tag = tags[slot];
  }
  return tag;
}

/** The text between the first `{` and the next `}`; the whole name when there is none. */
function hashTag(name: string): string {
  const start = name.indexOf('{');
  const end = name.indexOf('}', start + 1);
  return start >= 0 && end > start + 1 ? name.slice(start + 1, end) : name;
}
