// The mix for ten minutes, at half the rate: what leaks shows with time.
import { visit } from './mix.js';
import { constantRate, thresholds } from './shop.js';

export const options = { scenarios: { soak: constantRate(50) }, thresholds };

export default visit;
