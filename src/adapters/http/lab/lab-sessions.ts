import { createHmac } from 'node:crypto';
import type { CookieOptions, Request, Response } from 'express';
import { jwtVerify, SignJWT } from 'jose';
import { HttpProblem } from '../responses/problem.js';

const COOKIE = 'lockstep_lab';
const LIFE_MS = 8 * 60 * 60 * 1_000;

/** The API accepts other token types only, so this token is useless there. */
const TYPE = 'lab-session+jwt';

/**
 * Sessions of the lab's page: a signed cookie that scripts cannot read. It is valid at every instance on
 * the same database, and at no other route than the lab's.
 */
export class LabSessions {
  readonly #key: Uint8Array;

  constructor(secret: Uint8Array) {
    // The secret also signs cursors, so sessions are signed with a key that is derived from it.
    this.#key = createHmac('sha256', secret).update('lab session').digest();
  }

  async begin(req: Request, res: Response): Promise<void> {
    const expiresAt = new Date(Date.now() + LIFE_MS);
    const token = await new SignJWT()
      .setProtectedHeader({ alg: 'HS256', typ: TYPE })
      .setExpirationTime(expiresAt)
      .sign(this.#key);
    res.cookie(COOKIE, token, { ...attributes(req), expires: expiresAt });
  }

  end(req: Request, res: Response): void {
    res.clearCookie(COOKIE, attributes(req));
  }

  /**
   * Whether the request belongs to a session.
   * @throws HttpProblem `forbidden`: another site sent a change
   */
  async has(req: Request): Promise<boolean> {
    const token = new RegExp(`(?:^|; *)${COOKIE}=([\\w.-]+)`).exec(req.headers.cookie ?? '')?.[1];
    if (!token) return false;
    const isValid = await jwtVerify(token, this.#key, { algorithms: ['HS256'], typ: TYPE }).then(
      () => true,
      () => false,
    );
    if (isValid) requireSameOrigin(req);
    return isValid;
  }
}

function attributes({ secure }: Request): CookieOptions {
  return { httpOnly: true, sameSite: 'strict', path: '/lab', secure };
}

/** SameSite does not exclude other ports of this host. */
function requireSameOrigin(req: Request): void {
  if (req.method === 'GET' || req.method === 'HEAD') return;
  const origin = req.get('origin') ?? '';
  if (URL.canParse(origin) && new URL(origin).host === req.get('host')) return;
  throw new HttpProblem('forbidden', 'Another site sent this request.');
}
