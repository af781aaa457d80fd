/** The charts of what runs measured. */
export interface ChartTexts {
  readonly heading: string;
  readonly waits: string;
  readonly share: string;
  readonly ages: string;
  readonly time: string;
  readonly age: string;
  readonly bound: string;
  readonly throughput: string;
  readonly perSecond: string;
  readonly commands: string;
  readonly commandsUnit: string;
  readonly queries: string;
  readonly queriesUnit: string;
  /** Describes the picture, for screen readers. */
  readonly label: (title: string) => string;
  readonly table: (title: string) => string;
}

export const chartsEn: ChartTexts = {
  heading: 'Measured',
  waits: 'Distribution of waits',
  share: 'share of requests, %',
  ages: 'Age of the answers',
  time: 'time of the answer, ms',
  age: 'replaced for, ms',
  bound: 'most that is allowed',
  throughput: 'Throughput',
  perSecond: 'served per second',
  commands: 'Redis commands',
  commandsUnit: 'for one served request',
  queries: 'Database queries',
  queriesUnit: 'queries',
  label: (title) => `Chart: ${title}. The table below has the same values.`,
  table: (title) => `${title} as a table`,
};

export const chartsKo: ChartTexts = {
  heading: '측정 결과',
  waits: '대기 시간 분포',
  share: '요청 비율(%)',
  ages: '답의 나이',
  time: '응답 시각(ms)',
  age: '바뀐 뒤 지난 시간(ms)',
  bound: '허용되는 최댓값',
  throughput: '처리량',
  perSecond: '초당 처리',
  commands: 'Redis 명령',
  commandsUnit: '처리한 요청 하나당',
  queries: 'DB 조회',
  queriesUnit: '조회 수',
  label: (title) => `차트: ${title}. 아래 표와 값이 같습니다.`,
  table: (title) => `${title} 표로 보기`,
};
