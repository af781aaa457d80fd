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
  })
  .meta({ id: 'Problem', description: 'RFC 9457' });
