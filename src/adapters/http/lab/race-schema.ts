import { z } from 'zod';
import { MAX_HOLD_MS } from './lab-bounds.js';
import { orderProblem, RACE_KEY, RACE_STEPS } from './race-order.js';

/** The order of steps of one request; each step at most once. */
const Steps = z
  .array(
    z.strictObject({
      do: z.enum(RACE_STEPS),
      delayMs: z.int().min(0).max(MAX_HOLD_MS).default(0),
    }),
  )
  .superRefine((steps, context) => {
    const problem = orderProblem(steps.map((step) => step.do));
    if (problem) context.addIssue(problem);
  });

/** Two to five requests on one wallet. */
export const Race = z
  .array(z.strictObject({ key: z.string().regex(RACE_KEY), steps: Steps }))
  .min(2)
  .max(5);
