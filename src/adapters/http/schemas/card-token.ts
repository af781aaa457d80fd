import { z } from 'zod';

/** Digits that a card's number may have (ISO/IEC 7812). */
const LENGTHS = { shortest: 13, longest: 19 };

/** A gateway's name for a card. What looks like the card's own number is refused, unread. */
export const cardToken = z
  .string()
  .min(1)
  .max(255)
  .regex(/^[!-~]+( [!-~]+)*$/, { error: 'must be one word or words of visible ASCII' })
  .refine((token) => !looksLikeCardNumber(token), {
    error: 'looks like a card number; send the token that the payment gateway gave for the card',
  })
  .meta({
    description: "The payment gateway's token; never a card number",
    examples: ['tok_success'],
  });

function looksLikeCardNumber(token: string): boolean {
  const digits = token.replace(/[ -]/g, '');
  const { shortest, longest } = LENGTHS;
  if (!/^\d+$/.test(digits) || digits.length < shortest || digits.length > longest) return false;
  return passesLuhn(digits);
}

/** The check digit of card numbers (ISO/IEC 7812-1, annex B). */
function passesLuhn(digits: string): boolean {
  const sum = [...digits].reverse().reduce((total, digit, i) => {
    const value = Number(digit) * (i % 2 === 0 ? 1 : 2);
    return total + (value > 9 ? value - 9 : value);
  }, 0);
  return sum % 10 === 0;
}
