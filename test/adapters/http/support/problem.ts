import { expect } from 'chai';
import type { ProblemCode } from '../../../../src/adapters/http/responses/problem.js';
import type { ApiResponse } from '../../../support/api-client.js';

/** The result of a call of the typed client. */
interface TypedResult {
  readonly error?: object | undefined;
  readonly response: Response;
}

/** Fails unless the response is a problem (RFC 9457) of this status and code, with every member. */
export function expectProblem(
  result: ApiResponse | TypedResult,
  status: number,
  code: ProblemCode,
): void {
  const answer = 'response' in result ? answerOf(result) : result;
  expect(
    { status: answer.status, code: answer.body.code },
    JSON.stringify(answer.body),
  ).to.deep.equal({ status, code });
  expectProblemForm(answer);
}

function answerOf({ error, response }: TypedResult): ApiResponse {
  return { status: response.status, headers: response.headers, body: error ?? {} };
}

/** Fails unless the response has the form that every problem has. */
export function expectProblemForm({ status, headers, body }: ApiResponse): void {
  expect(headers.get('content-type')).to.match(/^application\/problem\+json(;|$)/);
  expect(body).to.include({ status });
  for (const member of ['type', 'title', 'detail', 'code']) {
    expect(body[member], member).to.be.a('string').that.is.not.empty;
  }
  expect(body.code).to.match(/^[a-z_]+$/);
  if (body.code !== 'validation_failed') return;
  expect(body.errors).to.be.an('array').that.is.not.empty;
  for (const error of body.errors) {
    expect(error).to.have.all.keys('path', 'message');
    expect(error.path).to.be.a('string');
    expect(error.message).to.be.a('string').that.is.not.empty;
  }
}

/** The paths that a validation refusal names. */
export function refusedPaths({ body }: ApiResponse): string[] {
  return (body.errors ?? []).map(({ path }: { path: string }) => path);
}
