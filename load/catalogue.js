// Nothing but reads of products, which the cache is for.
import { look } from './mix.js';
import { constantRate, thresholds } from './shop.js';

export const options = {
  scenarios: { catalogue: constantRate(400) },
  thresholds: { ...thresholds, http_req_duration: ['p(95)<300'] },
};

export default look;
