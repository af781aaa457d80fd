import { z } from 'zod';

export const ProblemBody = z
  .looseObject({
    type: z.string().meta({ description: 'URI reference of the kind of problem' }),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    code: z.string().meta({ description: 'Stable and machine-readable' }),
    errors: z
      .array(z.object({ path: z.string(), message: z.string() }))
      .optional()
      .meta({ description: 'Each field that was refused, with `validation_failed`' }),
    quota: z
      .enum(['unpaid_orders', 'holds', 'units', 'queued_orders'])
      .optional()
      .meta({ description: 'With `quota_exceeded` and `queue_quota_exceeded`: which' }),
    limit: z.int().optional().meta({ description: 'What is allowed, of that quota or in all' }),
    current: z.int().optional().meta({ description: 'What you have open of that quota' }),
  })
  .meta({ id: 'Problem', description: 'RFC 9457' });
