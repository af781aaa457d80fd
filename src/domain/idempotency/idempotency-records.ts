import type { ErrorCode, ErrorDetails } from '../errors.js';

/** Identifies one request of one caller, so that a repeat of the request has no second effect. */
export interface IdempotencyKey {
  /** The caller: two callers may use the same key. */
  readonly scope: string;
  /** 1 to 255 characters, chosen by the caller. */
  readonly key: string;
  /** Digest of the request. The same key with another fingerprint is a mistake of the caller. */
  readonly fingerprint: string;
}

/** The result of a request: a value, or a refusal by a rule of the domain. */
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
  readonly expiresAt: Date;
}

/** Results of requests with an idempotency key. Each is stored in the transaction of its effect. */
export abstract class IdempotencyRecordRepository {
  /**
   * Stores records of different keys by one statement, each until its `expiresAt`.
   * @throws IdempotencyRecordExistsError one of the keys has a record, even an expired one
   */
  abstract add(records: readonly NewIdempotencyRecord[]): Promise<void>;
}

/** Reads idempotency records without a transaction, and removes expired ones. */
export abstract class IdempotencyRecords {
  /**
   * Undefined when the key was never used, or when its record has expired. An expired record is removed,
   * so that the key can be used again.
   */
  abstract find(key: IdempotencyKey, now: Date): Promise<IdempotencyRecord | undefined>;

  /** @returns how many expired records were removed */
  abstract purge(now: Date): Promise<number>;
}

/** Another request with the same key stored its result first. */
export class IdempotencyRecordExistsError extends Error {
  override readonly name = 'IdempotencyRecordExistsError';
}
