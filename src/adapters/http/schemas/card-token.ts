import { z } from 'zod';

/** Digits that a card's number may have (ISO/IEC 7812). */
const CARD_NUMBER = /(?<!\d)\d{13,19}(?!\d)/g;

/** Its groups are hexadecimal digits, which by chance may be decimal ones. */
const UUID = /(?<![\da-f])[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}(?![\da-f])/gi;

/** A gateway's name for a card. What holds a card's own number is refused, unread. */
export const cardToken = z
  .string()
  .min(1)
  .max(255)
  .regex(/^[!-~]+( [!-~]+)*$/, { error: 'must be one word or words of visible ASCII' })
  .refine((token) => !holdsCardNumber(token), {
    error: 'looks like a card number; send the token that the payment gateway gave for the card',
  })
  .meta({
    description: "The payment gateway's token; never a card number",
    examples: ['tok_success'],
  });

/**
 * Whether so many digits in a row, whatever signs stand between them and whatever letters around
 * them, pass the check of card numbers. One in ten that do are none: a token rarely has that many.
 */
function holdsCardNumber(token: string): boolean {
  const bare = token.replace(UUID, 'uuid').replace(/[^a-z\d]/gi, '');
  return (bare.match(CARD_NUMBER) ?? []).some(passesLuhn);
}

/** The check digit of card numbers (ISO/IEC 7812-1, annex B). */
function passesLuhn(digits: string): boolean {
  const sum = [...digits].reverse().reduce((total, digit, i) => {
    const value = Number(digit) * (i % 2 === 0 ? 1 : 2);
    return total + (value > 9 ? value - 9 : value);
  }, 0);
  return sum % 10 === 0;
}
