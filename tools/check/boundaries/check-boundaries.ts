import { checkBoundaries } from './boundaries.js';

const { checked, violations } = await checkBoundaries();
for (const { rule, from, to } of violations) console.error(`${rule}: ${from} -> ${to}`);
if (checked.length === 0) console.error('boundaries: found nothing to check');
else console.log(`boundaries: ${checked.length} files, ${violations.length} violations`);
if (checked.length === 0 || violations.length > 0) process.exitCode = 1;
