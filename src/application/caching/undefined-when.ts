import { DomainError } from '../../domain/errors.js';

/** What was asked for, or undefined when it is refused with this code: its absence is cached too. */
export async function undefinedWhen<T>(
  code: DomainError['code'],
  asked: Promise<T>,
): Promise<T | undefined> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof DomainError && error.code === code) return undefined;
    throw error;
  }
}
