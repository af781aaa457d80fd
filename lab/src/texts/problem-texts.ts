import { ApiError, ConnectionLost } from '../api.js';

/** What the page says when a request did not succeed. */
export interface ProblemTexts {
  readonly connectionLost: string;
  /** The answer of a proxy says no more than its status. */
  readonly answered: (status: number) => string;
  /** By the code of the problem; without a text here the detail of the answer is shown, in English. */
  readonly byCode: Readonly<Record<string, string>>;
}

/** Why a request did not succeed, for the reader. */
export function problemText(error: unknown, texts: ProblemTexts): string {
  if (error instanceof ConnectionLost) return texts.connectionLost;
  if (error instanceof ApiError) {
    return texts.byCode[error.code ?? ''] ?? error.detail ?? texts.answered(error.status);
  }
  return (error as Error).message;
}

export const problemsEn: ProblemTexts = {
  connectionLost: 'The instance did not answer, or has stopped. Try again when it runs.',
  answered: (status) => `The answer has the status ${status}, and does not say why.`,
  byCode: {},
};

export const problemsKo: ProblemTexts = {
  connectionLost: '인스턴스가 응답하지 않거나 중지되었습니다. 다시 실행되면 한 번 더 시도하세요.',
  answered: (status) => `응답의 상태 코드는 ${status}이고 이유는 없습니다.`,
  byCode: {
    internal_error: '인스턴스에 오류가 있습니다. 인스턴스의 로그를 확인하세요.',
    not_found: '찾을 수 없습니다.',
    payload_too_large: '입력이 너무 깁니다.',
    unauthorized: '로그인이 필요하거나 토큰이 올바르지 않습니다.',
    forbidden:
      '권한이 없습니다. 링크는 인스턴스가 있는 컴퓨터에서 10분 안에 한 번만 쓸 수 있고, 토큰은 관리자의 것이어야 합니다.',
    validation_failed: '입력한 값을 처리할 수 없습니다.',
    insufficient_points: '포인트가 부족합니다. 먼저 지갑을 충전하세요.',
    insufficient_stock: '재고가 부족합니다.',
    wallet_limit_exceeded: '지갑에 더 충전할 수 없습니다.',
    too_many_streams: '대기 중인 실행이 너무 많습니다. 잠시 뒤에 다시 시도하세요.',
    rate_limited: '요청이 너무 많습니다. 잠시 뒤에 다시 시도하세요.',
    overloaded: '인스턴스가 너무 바쁩니다. 잠시 뒤에 다시 시도하세요.',
    resource_busy: '다른 요청이 사용 중입니다. 잠시 뒤에 다시 시도하세요.',
    dependency_unavailable: '데이터베이스나 Redis가 응답하지 않습니다.',
  },
};
