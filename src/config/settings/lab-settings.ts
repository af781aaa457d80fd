import { z } from 'zod';
import { baseUrl } from './values/addresses.js';

/** Variables of the lab, the page that runs experiments. */
export const labSettings = {
  LAB: z.stringbool().optional(),
  LAB_SIGN_IN_CODE: z
    .string()
    .min(22, 'must have at least 22 characters')
    .regex(/^[\w-]+$/, 'must be letters, digits, _ and -')
    .optional(),
  LAB_INSTANCES: z
    .string()
    .transform((list) => list.split(',').map((url) => url.trim()))
    .pipe(z.array(baseUrl).max(9))
    .optional(),
  LAB_SHOP_URL: baseUrl.transform((url) => url.replace(/\/+$/, '')).optional(),
};
