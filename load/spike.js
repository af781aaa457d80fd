// From a quiet hour to five times as much and back, with half the time at the top.
import { visit } from './mix.js';
import { seconds, thresholds } from './shop.js';

const part = (share) => `${Math.max(1, Math.round(seconds * share))}s`;

export const options = {
  scenarios: {
    spike: {
      executor: 'ramping-arrival-rate',
      startRate: 40,
      timeUnit: '1s',
      preAllocatedVUs: 200,
      maxVUs: 800,
      stages: [
        { target: 40, duration: part(0.2) },
        { target: 200, duration: part(0.1) },
        { target: 200, duration: part(0.5) },
        { target: 40, duration: part(0.2) },
      ],
    },
  },
  thresholds: { ...thresholds, http_req_duration: ['p(95)<3000'] },
};

export default visit;
