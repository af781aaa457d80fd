import { z } from 'zod';

export const ProblemBody = z
  .looseObject({
    type: z.string().meta({ description: 'URI reference of the problem type' }),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    code: z.string().meta({ description: 'Stable, for programs' }),
    errors: z
      .array(z.object({ path: z.string(), message: z.string() }))
      .optional()
      .meta({ description: 'With `validation_failed`: each field that is not valid' }),
    quota: z.enum(['unpaid_orders', 'holds', 'units', 'queued_orders']).optional().meta({
      description: 'With `quota_exceeded` and `queue_quota_exceeded`: the exceeded quota',
    }),
    limit: z.int().optional().meta({ description: 'The limit of the quota, or of the resource' }),
    current: z.int().optional().meta({ description: 'How much of the quota you use' }),
  })
  .meta({ id: 'Problem', description: 'RFC 9457' });
