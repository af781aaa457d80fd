import { chartsKo } from './chart-texts.js';
import { clusterKo } from './cluster-ko.js';
import { problemsKo } from './problem-texts.js';
import { shopKo } from './shop-ko.js';
import type { Texts } from './texts.js';
import { topic } from './topic.js';
import { whyKo } from './why-texts.js';

const STEPS: Readonly<Record<string, string>> = {
  waiting: '락 대기',
  acquired: '락 획득',
  'fell back': '행 락으로 전환',
  'no lock': '락 없음',
  'row locked': '행 락 획득',
  begun: '트랜잭션 시작',
  read: '읽음',
  paused: '멈춤',
  resumed: '재개',
  written: '씀',
  committed: '커밋',
  'rolled back': '롤백',
  released: '락 해제',
  'lease lost': '리스 만료',
  stopped: '중지',
  started: '시작',
  refused: '거절',
  asked: '요청',
  'hit l1': 'L1 적중',
  'hit l2': 'L2 적중',
  missed: '미스',
  loaded: 'DB 조회',
  filled: '캐시에 저장',
  'fill refused': '저장 거절',
  'not kept': '저장 안 함',
  answered: '응답',
  'intent set': '쓰기 의도 설정',
  evicted: '제거',
  published: '발행',
  invalidated: '무효화',
  acknowledged: '변경 응답',
  'bus cut': '버스 끊김',
  killed: '강제 종료',
  authorised: '카드 승인',
  captured: '매입',
  refunded: '환불',
  voided: '승인 취소',
  declined: '카드 거절',
  cancelled: '주문 취소',
};

const VARIANTS: Readonly<Record<string, string>> = {
  'a charge and a payment at once': '충전과 결제를 동시에',
  'lock alone': '락만 사용',
  'lease check': '리스 확인',
  'version guard': '버전 비교',
  'refuses without the lock': '락이 없으면 거절',
  'goes on without a lock': '락 없이 계속',
  'row locks and versions (the service)': '행 락과 버전(이 서비스)',
  'local caches': '로컬 캐시',
  'evicted by pub/sub': 'pub/sub로 제거',
  'write intent (the product)': '쓰기 의도(이 서비스)',
  'naive fill': '단순한 저장',
  'conditional fill (the product)': '조건부 저장(이 서비스)',
  'compared as well (the product)': '비교도 함(이 서비스)',
  'your own race': '나만의 경쟁 상태',
  'no compensation': '보상 없음',
  'refund in a catch, and the process dies before it': 'catch에서 환불, 그 전에 프로세스가 죽음',
  'stored saga, and the process dies (the service)': '저장된 사가, 프로세스가 죽음(이 서비스)',
  '500 readers, each loads': '500개 요청, 각자 조회',
  '500 readers, one loads (the product)': '500개 요청, 하나만 조회(이 서비스)',
};

export const ko: Texts = {
  name: '한국어',
  title: 'Lockstep 실험실',
  subtitle: '실제로 실행하면서 남긴 기록입니다. 흉내 낸 것은 없습니다.',
  experiments: {
    'own-race': {
      title: '나만의 경쟁 상태',
      expect:
        '요청마다 단계의 순서, 키, 멈춤을 정하고 한 지갑에서 실행합니다. 어떤 변경이 사라졌고 어떤 규칙이 깨졌는지 알려 줍니다.',
    },
    'no-lock': {
      title: '락 없음',
      expect:
        '각 요청이 락 없이 자기 트랜잭션에서 잔액을 읽고 10을 더해 다시 씁니다. 모두 같은 잔액을 읽으므로 마지막 커밋이 다른 변경을 덮어씁니다.',
    },
    'transaction-before-lock': {
      title: '락보다 먼저 시작한 트랜잭션',
      expect:
        '락은 한 번에 한 요청만 들여보내지만, 트랜잭션은 그 전에 시작되어 옛 스냅샷을 읽습니다. 락을 동시에 잡은 요청이 없는데도 충전이 사라집니다.',
    },
    'release-before-commit': {
      title: '커밋 전에 푼 락',
      expect:
        '앞 요청의 커밋이 보이기 전에 다음 요청이 락을 얻고 읽습니다. 그래서 보지 못한 변경을 덮어씁니다.',
    },
    'feature-named-keys': {
      title: '기능 이름으로 만든 키',
      expect:
        '충전은 charge:alice, 결제는 pay:alice를 잠그므로 같은 지갑에서 동시에 실행됩니다. 나중에 커밋한 쪽이 다른 쪽을 덮어씁니다.',
    },
    'right-order': {
      title: '올바른 순서',
      expect:
        '락, 트랜잭션, 작업, 커밋, 락 해제의 순서입니다. 각 요청은 앞 요청이 커밋한 값을 읽으므로 아무것도 사라지지 않고, 그 대신 서로 기다립니다.',
    },
    'paused-holder': {
      title: '리스가 끝날 때까지 멈춘 소유자',
      expect:
        'R1이 리스가 끝날 때까지 멈춰 있고 그동안 R2가 커밋합니다. 리스 확인이나 행의 버전만이 R1의 덮어쓰기를 막습니다.',
    },
    'ways-of-waiting': {
      title: 'simple, spin, pub/sub 대기',
      expect:
        '두 인스턴스의 클라이언트가 한 지갑을 계속 충전하며 세 가지 방식으로 기다립니다. 사라지는 변경은 없고 거절, 대기 시간, Redis 명령 수가 다릅니다.',
    },
    'lock-manager-down': {
      title: '경합 중에 죽은 Redis',
      expect:
        '한 요청이 락을 잡고 둘이 기다릴 때 Redis가 죽습니다. 락 없이 계속하는 서비스는 변경을 잃고, 엄격한 서비스는 거절하며, 이 서비스는 행 락을 씁니다.',
    },
    'local-caches': {
      title: '버스 없는 로컬 캐시',
      expect:
        '두 인스턴스가 가격을 각자의 메모리에 캐시하고 한쪽이 바꿉니다. 항목이 만료될 때까지 어느 인스턴스에 묻느냐에 따라 답이 달라집니다.',
    },
    'local-caches-with-bus': {
      title: '버스가 있는 로컬 캐시',
      expect:
        '쓰는 쪽이 다른 인스턴스에 제거 메시지를 보냅니다. 모든 메시지가 도착하는 동안은 낡은 답이 없습니다.',
    },
    'slow-loader': {
      title: '무효화와 겹친 느린 로더',
      expect:
        '읽는 쪽이 옛 가격을 가져오고, 저장하기 전에 쓰는 쪽이 제거합니다. 단순한 캐시는 옛 가격을 남기고, 조건부 저장은 거절됩니다.',
    },
    'bus-cut': {
      title: '쓰기 도중 끊긴 버스',
      expect:
        '변경을 발행하는 순간 한 인스턴스의 버스 연결이 끊깁니다. 듣기만 하는 캐시는 옛 가격을 주고, 비교도 하는 캐시는 그렇지 않습니다.',
    },
    'killed-writer': {
      title: '커밋 직후 죽은 쓰기 프로세스',
      expect:
        '프로세스가 새 가격을 커밋하고 옛 값을 제거하기 전에 죽습니다. 커밋 전에 설정한 쓰기 의도가 있으면 문제가 없습니다.',
    },
    stampede: {
      title: '만료된 답에 몰린 요청',
      expect:
        '인기 있는 답이 만료되고 수백 명이 동시에 캐시를 놓칩니다. 단순한 캐시에서는 모두 DB에 묻고, 여기서는 하나만 묻습니다.',
    },
    'lock-against-queue': {
      title: '인기 상품 하나에 락과 큐',
      expect:
        '모두가 같은 상품을 원하며, 한 번은 락으로 한 번은 큐로 처리합니다. 어느 쪽도 재고보다 많이 팔지 않습니다.',
    },
    compensation: {
      title: '둘째 단계가 실패한 결제',
      expect:
        '카드는 결제되었지만 주문은 그 전에 취소됩니다. 저장된 사가가 없으면 고객의 돈이 사라집니다.',
    },
  },
  groups: { lock: '락과 트랜잭션', cache: '캐시', queue: '큐', payment: '결제' },
  cluster: clusterKo,
  list: '실험',
  skip: '본문으로 건너뛰기',
  settings: '설정',
  requests: '동시 요청 수',
  holdMs: '최대 멈춤 시간(ms)',
  holdHint: '각 요청은 가장 해로운 지점에서 최대 이 시간만큼 멈춥니다.',
  strategy: '락을 기다리는 방식',
  wholeNumber: (min, max) =>
    `${min.toLocaleString('ko')}부터 ${max.toLocaleString('ko')}까지의 정수`,
  run: '실행',
  running: '실행 중…',
  queued: (ahead) => `앞선 실행 ${ahead}개를 기다리는 중`,
  liveSteps: (count) => `${count}단계 기록됨`,
  failed: '실행에 실패했습니다',
  runWithoutResult:
    '결과 없이 끝났습니다. 실행이 실패했거나 그동안 인스턴스가 다시 시작되었습니다.',
  ended: (experiment) => `‘${experiment}’ 실행이 끝났습니다.`,
  showResult: '결과 보기',
  loading: '불러오는 중…',
  place: {
    embedded: '서버 없이 한 프로세스에서 실행: SQLite, 프로세스 내 락과 캐시',
    servers: '이 인스턴스의 데이터베이스와 Redis에서 실행',
  },
  unavailable: '이 인스턴스에서는 실행할 수 없습니다.',
  needs: {
    servers:
      '데이터베이스 서버와 Redis, 여러 연결이나 프로세스가 필요합니다. 다음 명령이 모두 시작하며 실험실도 있습니다:',
    kafka: 'Kafka가 필요합니다. 다음 명령이 Kafka가 있는 클러스터를 시작합니다:',
    'a Redis to stop':
      '자기 Redis를 시작해서 강제 종료하는데, 이 컴퓨터에 redis-server가 없습니다. 터미널에서는 Docker로도 시작할 수 있습니다:',
  },
  fromTerminal: '또는 터미널에서 실행합니다:',
  variant: (name) => VARIANTS[name] ?? name.replace(/^(\d+) charges at once$/, '동시 충전 $1건'),
  headline: (outcome) => {
    switch (outcome.kind) {
      case 'balance':
        return outcome.lostUpdates === 0
          ? '사라진 변경 없음'
          : `변경 ${outcome.lostUpdates}개가 사라짐`;
      case 'freshness':
        return outcome.stale === 0 ? '낡은 답 없음' : `낡은 답 ${outcome.stale}개`;
      case 'load':
        return `DB 조회 ${outcome.databaseQueries}번`;
      case 'money':
        return outcome.missing === 0 ? '사라진 포인트 없음' : `${outcome.missing}포인트가 사라짐`;
      case 'ordering':
        return outcome.oversold === 0 ? '초과 판매 없음' : `${outcome.oversold}개 초과 판매`;
    }
  },
  figures: (outcome) => {
    switch (outcome.kind) {
      case 'balance':
        return [
          ['기대값', `${outcome.expected}`],
          ['데이터베이스의 값', `${outcome.actual}`],
          ['거절', `${outcome.refused}`],
          ...(outcome.waits
            ? [
                ['처리', `${outcome.waits.served}`] as const,
                ['대기 p50(ms)', outcome.waits.waitP50Ms.toFixed(1)] as const,
                ['대기 p99(ms)', outcome.waits.waitP99Ms.toFixed(1)] as const,
                ['Redis 명령', `${outcome.waits.redisCommands}`] as const,
                ['공정성', outcome.waits.fairness.toFixed(2)] as const,
              ]
            : []),
        ];
      case 'freshness':
        return [
          ['응답', `${outcome.answers}`],
          ['가장 낡은 답(ms)', outcome.oldestMs.toFixed(0)],
          ['허용(ms)', `${outcome.boundMs}`],
          ['DB 조회', `${outcome.databaseQueries}`],
        ];
      case 'load':
        return [['동시에 읽은 요청', `${outcome.readers}`]];
      case 'money':
        return [['주문', outcome.order]];
      case 'ordering':
        return [
          ['구매자', `${outcome.buyers}`],
          ['판매', `${outcome.sold}`],
          ['초당 처리', outcome.settledPerSecond.toFixed(0)],
        ];
    }
  },
  why: whyKo,
  race: {
    presets: '시작할 예',
    preset: {
      'transaction around the lock': '락을 감싼 트랜잭션',
      'release before the commit': '커밋 전 락 해제',
      'one key a feature': '기능마다 다른 키',
      'one key for all users': '모든 사용자에게 한 키',
      'no lock': '락 없음',
      'the right order': '올바른 순서',
    },
    changed: '직접 만든 순서',
    key: (request) => `${request}의 키`,
    keyRule: '영문자, 숫자, : _ - 로 1~40자',
    steps: {
      lock: '락 획득',
      begin: '트랜잭션 시작',
      read: '읽기',
      write: '쓰기',
      commit: '커밋',
      release: '락 해제',
    },
    delay: (step, request) => `${request} ${step} 전 멈춤(ms)`,
    up: (step, request) => `${request} ${step} 앞으로`,
    down: (step, request) => `${request} ${step} 뒤로`,
    withLock: (request) => `${request} 락 사용`,
    add: '요청 추가',
    remove: (request) => `${request} 삭제`,
    waitedOpen: (request, ms) =>
      `${topic(request)} 트랜잭션을 연 채 락을 ${ms} ms 기다렸습니다. 그동안 데이터베이스 연결을 잡고 있었고 스냅샷은 낡았습니다.`,
    releasedEarly: (request, ms) =>
      `${topic(request)} 커밋 ${ms} ms 전에 락을 풀었습니다. 그 사이에 다른 요청이 옛 값을 읽을 수 있습니다.`,
    keysDiffer: (keys) => `같은 지갑을 서로 다른 키(${keys})로 바꾸므로 락이 서로를 막지 못합니다.`,
    keyIsShared: (key) =>
      `키 ${key}에 지갑의 주인 alice가 없습니다. 그래서 다른 지갑의 요청도 이 락을 기다립니다.`,
  },
  shop: shopKo,
  charts: chartsKo,
  panels: { experiments: '실험', shop: '상점', cluster: '클러스터' },
  timeline: '타임라인',
  timelineLabel: (requests, steps) =>
    `요청 ${requests}개, ${steps}단계의 타임라인. 아래 단계 표와 내용이 같습니다.`,
  legend: {
    waiting: '락을 기다림',
    held: '락을 잡음',
    open: '트랜잭션 열림',
    committed: '커밋',
    refused: '거절',
    lost: '여기서 변경이 사라짐',
    answered: '현재 값으로 응답',
    stale: '이미 바뀐 값으로 응답',
  },
  zoomIn: '확대',
  zoomOut: '축소',
  fit: '전체 보기',
  stepBy: '단계별로 보기',
  first: '첫 단계',
  previous: '이전 단계',
  next: '다음 단계',
  last: '마지막 단계',
  stepOf: (index, count) => `${count}단계 중 ${index}`,
  steps: '모든 단계를 표로 보기',
  hiddenSteps: (count) => `이후 ${count}단계는 표시하지 않습니다`,
  columns: ['ms', '주체', '단계'],
  downloadJson: '데이터(JSON)',
  downloadSvg: '그림(SVG)',
  compare: '다른 실행과 비교',
  compareHint: '이 실행을 남겨 둡니다. 다음 실행이 같은 시간축으로 나란히 표시됩니다.',
  kept: '비교하려고 남겨 둔 실행',
  endCompare: '비교 끝내기',
  copyLink: '이 실행의 링크 복사',
  copied: '복사됨',
  linkToRun: '이 실행의 링크',
  startedAt: '기록 시각',
  signIn: '로그인',
  signInHint:
    '관리자만 실험을 실행합니다. 인스턴스가 시작할 때 한 번 로그인하는 링크를 출력합니다. 또는 다음 명령이 출력하는 관리자 토큰을 붙여 넣으세요:',
  token: '토큰',
  tokenRule: '토큰은 점으로 나뉜 세 부분입니다. 줄 전체를 복사하세요.',
  signOut: '로그아웃',
  linkFailed: '로그인 링크를 쓸 수 없습니다.',
  sessionEnded: '세션이 끝났습니다. 다시 로그인하세요.',
  tryingAgain: '잠시 뒤에 다시 시도합니다.',
  problems: problemsKo,
  language: '언어',
  theme: '색상',
  themes: { auto: '시스템 설정', light: '밝게', dark: '어둡게' },
  runMissing:
    '여기에 이 실행이 없습니다. 실패했거나, 너무 오래되었거나, 다른 인스턴스의 실행일 수 있습니다.',
  runNotRead: '이 주소의 실행을 읽을 수 없습니다.',
  step: (step, detail) => {
    const shown = STEPS[step] ?? step;
    const age = /^(.*), replaced (\d+) ms ago$/.exec(String(detail));
    if (age) return `${shown} ${age[1]} (${age[2]} ms 전에 바뀐 값)`;
    return detail === undefined ? shown : `${shown} ${detail}`;
  },
};
