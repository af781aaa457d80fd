/** Makes identifiers that are unique across instances and sort by the time they were made. */
export abstract class IdGenerator {
  /** A UUIDv7 (RFC 9562, section 5.7) in lower case. */
  abstract next(): string;
}
