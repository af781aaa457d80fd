import { BlockList, isIPv6 } from 'node:net';
import type { Request, Response } from 'express';
import { authenticate } from '../auth/authenticate.js';
import type { TokenVerifier } from '../auth/token-verifier.js';
import { HttpProblem } from '../responses/problem.js';
import type { LabSessions } from './lab-sessions.js';
import type { SignInCodes } from './sign-in-codes.js';

const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8, 'ipv4');
loopback.addAddress('::1', 'ipv6');

/**
 * Decides who may use the lab: the holder of an admin's token, or of a session that began with such
 * a token or with a sign-in link.
 */
export class LabAccess {
  constructor(
    private readonly tokens: TokenVerifier,
    private readonly sessions: LabSessions,
    private readonly codes: SignInCodes,
  ) {}

  /** @throws HttpProblem `unauthorized` or `forbidden` */
  async require(req: Request): Promise<void> {
    if (await this.sessions.has(req)) return;
    await authenticate(req, 'admin', this.tokens);
  }

  /**
   * Begins a session, with the code of a sign-in link or with the token of an admin.
   * @throws HttpProblem `unauthorized` or `forbidden`
   */
  async signIn(req: Request, res: Response, code: string | undefined): Promise<void> {
    if (code === undefined) {
      await authenticate(req, 'admin', this.tokens);
    } else if (!isFromThisMachine(req)) {
      throw new HttpProblem('forbidden', 'The link signs in on the machine of the instance only.');
    } else if (!this.codes.redeem(code)) {
      throw new HttpProblem('forbidden', 'The link was used before, or its ten minutes are over.');
    }
    await this.sessions.begin(req, res);
  }

  signOut(req: Request, res: Response): void {
    this.sessions.end(req, res);
  }
}

/** Behind a proxy that is not trusted, the address of the client is not known. */
function isFromThisMachine(req: Request): boolean {
  const isForwarded = req.headers['x-forwarded-for'] !== undefined;
  if (isForwarded && req.ips.length === 0) return false;
  const address = req.ip ?? '';
  return loopback.check(address, isIPv6(address) ? 'ipv6' : 'ipv4');
}
