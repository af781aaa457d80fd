/**
 * Makes identifiers that are unique across instances. Those of one instance sort by the time they
 * were made; those of several do not, as their clocks differ.
 */
export abstract class IdGenerator {
  /** A UUIDv7 (RFC 9562, section 5.7) in lower case. */
  abstract next(): string;
}
