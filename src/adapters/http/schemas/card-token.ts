import { z } from 'zod';

/** As many digits as a card number has (ISO/IEC 7812). */
const CARD_NUMBER = /(?<!\d)\d{13,19}(?!\d)/g;

/** By chance, all hexadecimal digits of a UUID may be decimal. */
const UUID = /(?<![\da-f])[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}(?![\da-f])/gi;

/** The gateway's token for a card. A token that contains a card number is refused. */
export const cardToken = z
  .string()
  .min(1)
  .max(255)
  .regex(/^[!-~]+( [!-~]+)*$/, {
    error: 'must be visible ASCII characters, with single spaces between words',
  })
  .refine((token) => !holdsCardNumber(token), {
    error: 'looks like a card number; send the token of the payment gateway for the card',
  })
  .meta({
    description: "The payment gateway's token; never a card number",
    examples: ['tok_success'],
  });

/**
 * Whether 13 to 19 digits in a row pass the check of card numbers. Signs between the digits are
 * ignored. One in ten random numbers passes too, but few tokens have that many digits.
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
