/** What has become of a charge at the gateway. */
export type ChargeStatus = 'authorised' | 'declined' | 'captured' | 'voided' | 'refunded';

export interface Charge {
  readonly status: ChargeStatus;
}

export interface ChargeRequest {
  /** Ours, chosen once for each charge: the same again is the same charge. */
  readonly reference: string;
  readonly orderId: string;
  /** Points (KRW). */
  readonly amount: number;
  /** Stands for the card at the gateway; never a card's number. */
  readonly token: string;
}

/**
 * Takes money from cards, in two steps. Every call may be repeated and returns what has become of
 * the charge, whether or not that is what was asked for: a capture of a voided charge answers
 * `voided`. A declined card is an answer, too.
 *
 * @throws DependencyUnavailableError naming `payment_gateway`: nothing is known of what was done
 */
export abstract class PaymentGateway {
  /** Reserves the amount on the card. One that was voided before it arrived stays voided. */
  abstract authorise(request: ChargeRequest): Promise<Charge>;

  /** Absent when the gateway has not heard of it, or not yet. */
  abstract find(reference: string): Promise<Charge | undefined>;

  /** Takes what was authorised. */
  abstract capture(reference: string): Promise<Charge>;

  /**
   * Lets go of what was authorised, or, when nothing was heard of it, closes the reference for
   * ever: an authorisation that is still on its way will find it so.
   */
  abstract void(reference: string): Promise<Charge>;

  /** Refunds what was captured, once. */
  abstract refund(reference: string): Promise<Charge>;
}
