import type { LostUpdate } from '../api.js';
import { topic } from './topic.js';

/** Why a run ended as it did. Requests, instances and the reasons of refusals come as the run recorded them. */
export interface WhyTexts {
  readonly title: string;
  readonly lost: (lost: LostUpdate) => string;
  readonly noLoss: string;
  readonly refused: (request: string, reason: string) => string;
  readonly stale: (request: string, value: string, ageMs: number) => string;
  /** The two ways in which an old value stays in a cache. */
  readonly filledLate: string;
  readonly notRemoved: string;
  readonly allowed: (boundMs: number) => string;
  readonly fillRefused: (request: string) => string;
  readonly eachLoaded: (readers: number) => string;
  readonly oneLoaded: (readers: number) => string;
  readonly notGivenBack: (points: number) => string;
  readonly voided: string;
  readonly refunded: string;
  readonly showMoment: string;
}

export const whyEn: WhyTexts = {
  title: 'Why',
  lost: ({ lost, by, readValue, lostValue, writtenValue }) =>
    `${by} read ${readValue} before the commit of ${lost} (${lostValue}) was visible to it. Its own commit wrote ${writtenValue}, so the update of ${lost} is lost.`,
  noLoss: 'Each request read what the one before it had committed.',
  refused: (request, reason) => `${request} was refused: ${reason}`,
  stale: (request, value, ageMs) =>
    `${request} answered ${value}, which had been replaced ${ageMs} ms before its reader asked.`,
  filledLate: 'It had loaded this value before the commit, and stored it after the eviction.',
  notRemoved: 'After the commit nothing removed the old value from its cache.',
  allowed: (boundMs) => `Up to ${boundMs} ms are allowed.`,
  fillRefused: (request) =>
    `${request} had loaded the old value. Its fill was refused, so the old value is not in the cache.`,
  eachLoaded: (readers) =>
    `Each of the ${readers} readers missed the cache and asked the database.`,
  oneLoaded: (readers) =>
    `One reader asked the database. The other ${readers - 1} waited for its answer.`,
  notGivenBack: (points) =>
    `The card was charged ${points} points and the order was cancelled. Nothing gave the money back.`,
  voided: 'The saga was stored before the charge. After the restart it voided the charge.',
  refunded: 'The saga was stored before the charge. After the restart it refunded the charge.',
  showMoment: 'Show this moment',
};

export const whyKo: WhyTexts = {
  title: '이유',
  lost: ({ lost, by, readValue, lostValue, writtenValue }) =>
    `${topic(by)} ${lost}의 커밋(${lostValue})이 보이기 전에 ${readValue}을 읽었습니다. 그리고 ${writtenValue}을 써서 커밋했으므로 ${lost}의 변경이 사라졌습니다.`,
  noLoss: '각 요청은 앞 요청이 커밋한 값을 읽었습니다.',
  refused: (request, reason) => `${topic(request)} 거절되었습니다: ${reason}`,
  stale: (request, value, ageMs) =>
    `${request}의 응답 ${value}: 요청을 받기 ${ageMs} ms 전에 이미 바뀐 값입니다.`,
  filledLate: '커밋 전에 읽은 값을, 캐시에서 제거된 뒤에 저장했기 때문입니다.',
  notRemoved: '커밋한 뒤에도 이 캐시의 옛 값이 제거되지 않았기 때문입니다.',
  allowed: (boundMs) => `${boundMs} ms까지 허용됩니다.`,
  fillRefused: (request) =>
    `${topic(request)} 옛 값을 읽었지만 저장이 거절되어, 옛 값이 캐시에 남지 않았습니다.`,
  eachLoaded: (readers) => `요청 ${readers}개가 모두 캐시를 놓치고 각자 DB에 물었습니다.`,
  oneLoaded: (readers) => `요청 하나만 DB에 묻고, 나머지 ${readers - 1}개는 그 답을 기다렸습니다.`,
  notGivenBack: (points) =>
    `카드로 ${points}포인트가 결제되고 주문은 취소되었지만, 돈을 돌려준 것이 없습니다.`,
  voided: '결제 전에 사가를 저장해 두었고, 다시 시작한 뒤 그 승인을 취소했습니다.',
  refunded: '결제 전에 사가를 저장해 두었고, 다시 시작한 뒤 환불했습니다.',
  showMoment: '이 순간 보기',
};
