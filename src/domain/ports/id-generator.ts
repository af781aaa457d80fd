/**
 * Makes ids that are unique across instances. The ids of one instance sort by time. Those of
 * several instances do not, because their clocks differ.
 */
export abstract class IdGenerator {
  /** A UUIDv7 (RFC 9562, section 5.7) in lower case. */
  abstract next(): string;
}
