import type { RequestHandler } from 'express';
import { v7 } from 'uuid';

/** Short and printable: safe in a header and in a log line. */
const SAFE_ID = /^[A-Za-z0-9._~:/+=-]{1,128}$/;

/** Adds the ids of the request and of the instance to the response and to the log. */
export function requestContext(instance: string): RequestHandler {
  return (req, res, next) => {
    const given = req.get('x-request-id');
    const id = given !== undefined && SAFE_ID.test(given) ? given : v7();
    req.id = id;
    res.set('X-Request-Id', id);
    res.set('X-Instance', instance);
    next();
  };
}
