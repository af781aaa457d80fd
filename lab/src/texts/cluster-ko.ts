import type { ClusterTexts } from './cluster-texts.js';

const count = (value: number | null) => (value === null ? '알 수 없음' : `${value}개`);

export const clusterKo: ClusterTexts = {
  title: '클러스터',
  intro:
    '상품 하나를 모든 인스턴스에서 초당 열 번 읽습니다. 한 인스턴스에서 가격을 바꾸고, 다른 인스턴스의 버스를 끊거나 멈춰 보세요. 어떤 답도 허용 한도보다 오래되지 않습니다.',
  lacks: {
    addresses:
      '이 인스턴스는 다른 인스턴스를 모릅니다. 다음 명령이 여러 인스턴스를 시작하고 LAB_INSTANCES로 주소를 알려 줍니다:',
    secret:
      '토큰을 인증 서버가 서명하므로(JWT_JWKS_URL) 인스턴스끼리 명령을 보낼 수 없습니다. 비밀 키를 쓰는 클러스터를 사용하세요:',
  },
  waiting: '첫 답을 기다리는 중…',
  reconnecting: '이 인스턴스와 연결이 끊겼습니다. 다시 연결하는 중…',
  product: (name, sku) => `${name} (${sku})`,
  servesPage: '이 화면을 제공',
  inSync: '동기화됨',
  notInSync: '동기화 안 됨',
  busCut: (seconds) => `버스 끊김, ${seconds}초 남음`,
  silent: (ms) => `${ms} ms 동안 답 없음`,
  noAnswer: '아직 답이 없습니다',
  points: (price) => `${price}포인트`,
  version: '버전',
  level: '캐시 단계',
  levels: {
    l1: 'L1: 인스턴스의 메모리',
    l2: 'L2: Redis',
    stored: 'DB에서 읽어 캐시에 저장',
    miss: 'DB, 저장 안 함',
    bypass: 'DB, 캐시를 건너뜀',
  },
  age: '답의 나이',
  current: '현재 값',
  replaced: (ms) => `${ms} ms 전에 바뀐 값`,
  worst: '지금까지 가장 오래된 답',
  worstOf: (ms, boundMs) => `${ms} ms, 한도 ${boundMs} ms`,
  history: (worstMs, boundMs) =>
    `최근의 답. 가장 오래된 답은 ${worstMs} ms 전에 바뀐 값입니다. 점선은 한도 ${boundMs} ms입니다.`,
  newPrice: (instance) => `${instance}에서 바꿀 가격`,
  change: (instance) => `${instance}에서 변경`,
  cut: '버스 끊기',
  cutOf: (instance) => `버스 끊기: ${instance}`,
  pause: (seconds) => `${seconds}초 멈추기`,
  pauseOf: (instance, seconds) => `${seconds}초 멈추기: ${instance}`,
  cannotPause: '여기서는 멈출 수 없습니다.',
  noBus: '캐시를 공유하지 않아 버스가 없습니다.',
  answers: '이 화면에 준 답',
  invalidations: '무효화',
  invalidated: (byMessage, byComparison) => `메시지로 ${byMessage}번, 비교로 ${byComparison}번`,
  monitor: '낡은 답 감시',
  monitored: (samples, stale, atMostMs) =>
    samples === 0
      ? '아직 표본 없음'
      : `표본 ${samples}개, 낡은 답 ${stale}개${atMostMs === null ? '' : `, 모두 ${atMostMs} ms 이하`}`,
  lockWaits: (seconds) => `최근 ${seconds}초의 락 대기`,
  waited: (waits, meanMs, leasesLost) => `${waits}번, 평균 ${meanMs} ms, 잃은 리스 ${leasesLost}개`,
  queue: '기다리는 주문 요청',
  queued: (outbox, kafka) =>
    `아웃박스 ${count(outbox)}${kafka === null ? '' : `, Kafka ${kafka}개`}`,
  agreed: (price, ms, instances) =>
    `변경 ${ms} ms 뒤, 답하는 인스턴스 ${instances}개가 모두 ${price}를 보여 줍니다.`,
  agreeing: (price) => `가격이 ${price}로 바뀌었습니다. 아직 모든 인스턴스가 보여 주지는 않습니다.`,
  wasCut: (instance) => `${instance}의 버스가 끊겼습니다. Redis와 비교는 계속합니다.`,
  isBack: (instance) => `${instance}의 버스가 다시 이어졌습니다.`,
  isPaused: (instance, seconds) => `${instance}: ${seconds}초 동안 멈춥니다.`,
  isSilent: (instance) => `${instance}: 답이 없습니다.`,
  answersAgain: (instance) => `${instance}: 다시 답합니다.`,
};
