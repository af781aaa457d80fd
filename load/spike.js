// From a quiet hour to six times as much and back, with half the time at the top.
import { visit } from './mix.js';
import { seconds, thresholds } from './shop.js';

const part = (share) => `${Math.max(1, Math.round(seconds * share))}s`;

export const options = {
  scenarios: {
    spike: {
      executor: 'ramping-arrival-rate',
      startRate: 20,
      timeUnit: '1s',
      preAllocatedVUs: 200,
      maxVUs: 800,
      stages: [
        { target: 20, duration: part(0.2) },
        { target: 120, duration: part(0.1) },
        { target: 120, duration: part(0.5) },
        { target: 20, duration: part(0.2) },
      ],
    },
  },
  // At the top some may be refused for a moment and come again.
  thresholds: { ...thresholds, http_req_duration: ['p(95)<5000'], checks: ['rate>0.99'] },
};

export default visit;
