// A day like any other: a mix of everything at a fixed rate.
import { visit } from './mix.js';
import { constantRate, thresholds } from './shop.js';

export const options = { scenarios: { steady: constantRate(100) }, thresholds };

export default visit;
