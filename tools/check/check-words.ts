import { projectRoot } from '../project-root.js';
import { checkWords } from './words.js';

const { checked, found } = checkWords(projectRoot);
for (const { file, line, word, use } of found) {
  console.error(`${file}:${line}: "${word}" is a refused word; use: ${use}`);
}
if (checked === 0) console.error('words: found nothing to check');
else console.log(`words: ${checked} files, ${found.length} refused words`);
if (checked === 0 || found.length > 0) process.exitCode = 1;
