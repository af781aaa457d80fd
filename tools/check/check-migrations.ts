import { MIGRATIONS } from '../../src/adapters/persistence/sql/migrations/migrate.js';
import { migrationProblems } from './migration-rules.js';

const problems = migrationProblems(MIGRATIONS);
for (const problem of problems) console.error(problem);
console.log(`migrations: ${MIGRATIONS.length} steps, ${problems.length} problems`);
if (MIGRATIONS.length === 0 || problems.length > 0) process.exitCode = 1;
