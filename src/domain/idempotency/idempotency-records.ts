import type { ErrorCode, ErrorDetails } from '../errors.js';

/** Identifies one request of one caller, so that sending it again has no second effect. */
export interface IdempotencyKey {
  /** The caller: two callers may use the same key. */
  readonly scope: string;
  /** 1 to 255 characters, chosen by the caller. */
  readonly key: string;
  /** Digest of what was asked for; the same key with another fingerprint is a mistake. */
  readonly fingerprint: string;
}

/** How a request ended: with a value, or refused by a rule of the domain. */
export type Outcome =
  | { readonly value: unknown }
  | {
      readonly refusal: {
        readonly code: ErrorCode;
        readonly message: string;
        readonly details: ErrorDetails;
      };
    };

export interface IdempotencyRecord {
  readonly fingerprint: string;
  readonly outcome: Outcome;
}

export interface NewIdempotencyRecord {
  readonly key: IdempotencyKey;
  readonly outcome: Outcome;
  readonly now: Date;
  readonly expiresAt: Date;
}

/** Results of requests that carry an idempotency key, written in the transaction of their effect. */
export abstract class IdempotencyRecordRepository {
  /**
   * Kept until `expiresAt`; one that has expired is replaced.
   * @throws IdempotencyRecordExistsError another request with the key got here first
   */
  abstract add(record: NewIdempotencyRecord): Promise<void>;

  /**
   * As `add` for records of different keys, by one statement.
   * @throws IdempotencyRecordExistsError one of the keys has a record, even one that has expired
   */
  abstract addMany(records: readonly NewIdempotencyRecord[]): Promise<void>;
}

/** Reads idempotency records without a transaction, and removes expired ones. */
export abstract class IdempotencyRecords {
  /** Absent when the key was never used or has expired. */
  abstract find(key: IdempotencyKey, now: Date): Promise<IdempotencyRecord | undefined>;

  /** @returns how many expired records were removed */
  abstract purge(now: Date): Promise<number>;
}

/** The key was answered by a request that ran at the same time. */
export class IdempotencyRecordExistsError extends Error {
  override readonly name = 'IdempotencyRecordExistsError';
}
