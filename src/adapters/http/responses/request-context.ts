import type { RequestHandler } from 'express';
import { v7 } from 'uuid';

/** Short, printable, and harmless in a header or a log line. */
const SANE_ID = /^[A-Za-z0-9._~:/+=-]{1,128}$/;

/** Names the request and the instance: in the answer, in the log, and for whoever is called next. */
export function requestContext(instance: string): RequestHandler {
  return (req, res, next) => {
    const given = req.get('x-request-id');
    const id = given !== undefined && SANE_ID.test(given) ? given : v7();
    req.id = id;
    res.set('X-Request-Id', id);
    res.set('X-Instance', instance);
    next();
  };
}
