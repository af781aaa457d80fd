import type { ShopTexts } from './shop-texts.js';

const number = (value: number) => value.toLocaleString('ko');

export const shopKo: ShopTexts = {
  title: '상점',
  expect:
    '이 서비스의 고객 lab-customer로 이용합니다. 각 버튼은 다른 클라이언트와 같은 요청을 보냅니다. 주문, 포인트, 재고는 모두 실제입니다.',
  number,
  points: (value) => `${number(value)}포인트`,
  catalogue: '상품',
  inStock: (units) => `재고 ${number(units)}개`,
  soldOut: '품절',
  buy: '구매',
  buyOne: (product) => `${product} 구매`,
  sending: '보내는 중…',
  bought: (product, total, instance) =>
    `${product} 구매 완료, ${number(total)}포인트. 응답한 인스턴스: ${instance}`,
  wallet: '지갑',
  charge: (points) => `${number(points)}포인트 충전`,
  charged: (points) => `${number(points)}포인트를 충전했습니다.`,
  popular: '인기 상품',
  windows: { '5m': '5분', '10m': '10분', '1d': '1일', '7d': '7일' },
  sold: (units) => `${number(units)}개 판매`,
  nothingSold: '마지막 집계까지 판매가 없습니다.',
  sale: '반짝 세일',
  saleExpect:
    '서버가 상품의 재고를 적은 수량으로 채우고 구매자마다 지갑을 충전한 뒤, 모든 구매자가 HTTP로 동시에 주문합니다. 끝나면 재고와 모든 지갑을 비교합니다.',
  buyers: '구매자',
  units: '재고',
  startSale: '반짝 세일 시작',
  phase: (phase, ahead) => {
    switch (phase) {
      case 'queued':
        return `앞선 실행 ${ahead}개를 기다리는 중`;
      case 'preparing':
        return '구매자가 지갑을 충전하는 중입니다.';
      case 'selling':
        return '구매자가 주문하는 중입니다.';
      case 'checking':
        return '재고와 지갑을 비교하는 중입니다.';
    }
  },
  ended: '반짝 세일이 끝났습니다.',
  soldUnits: '판매',
  refused: '거절',
  rate: '초당 구매자',
  waitP50: '주문 응답 p50(ms)',
  waitP99: '주문 응답 p99(ms)',
  answered: '답을 받은 구매자',
  preparedBuyers: '지갑을 충전한 구매자',
  headline: (sold, oversold) =>
    oversold === 0 ? `${number(sold)}개 판매, 초과 판매 없음` : `${number(oversold)}개 초과 판매`,
  proofStock: (sold, left, units) =>
    `재고: ${number(units)}개 가운데 ${number(sold)}개 판매, ${number(left)}개 남음`,
  proofBuyers: (sold, refused, buyers) =>
    `구매자: ${number(buyers)}명 가운데 ${number(sold)}명 구매, ${number(refused)}명 거절`,
  proofWallets: (right, buyers) =>
    `지갑: ${number(buyers)}개 가운데 ${number(right)}개의 잔액이 충전액에서 구매액을 뺀 값과 같음`,
  answeredBy: (instances) => `응답한 인스턴스별 주문: ${instances}`,
  chart: '시간에 따른 판매와 거절',
  seconds: '첫 주문 뒤 지난 시간(초)',
};
