/** The status of a charge at the gateway. */
export type ChargeStatus = 'authorised' | 'declined' | 'captured' | 'voided' | 'refunded';

export interface Charge {
  readonly status: ChargeStatus;
}

export interface ChargeRequest {
  /** Our reference, chosen once for each charge: a repeat of it means the same charge. */
  readonly reference: string;
  readonly orderId: string;
  /** Points (KRW). */
  readonly amount: number;
  /** Names the card at the gateway. It is never the number of the card. */
  readonly token: string;
}

/**
 * Takes money from cards, in two steps. Every call may be repeated. It returns the status of the
 * charge, also when that is not the requested one: a capture of a voided charge returns `voided`. A
 * declined card is a result, not an error.
 *
 * @throws DependencyUnavailableError naming `payment_gateway`: it is not known what was done
 */
export abstract class PaymentGateway {
  /**
   * Reserves the amount on the card. A charge that was voided before this call arrived stays
   * voided.
   */
  abstract authorise(request: ChargeRequest): Promise<Charge>;

  /** Undefined when the gateway does not know the charge, or does not know it yet. */
  abstract find(reference: string): Promise<Charge | undefined>;

  /** Takes the authorised amount. */
  abstract capture(reference: string): Promise<Charge>;

  /**
   * Releases the authorised amount. When the gateway does not know the charge, it closes the
   * reference permanently: an authorisation that is still on its way is then refused.
   */
  abstract void(reference: string): Promise<Charge>;

  /** Refunds the captured amount, once. */
  abstract refund(reference: string): Promise<Charge>;
}
