import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

const page = fileURLToPath(new URL('../src/adapters/http/lab/page', import.meta.url));

/** Fixed names: the built files are in the repository, and the service sends entity tags. */
export default defineConfig({
  base: '/lab/',
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  build: {
    outDir: page,
    emptyOutDir: true,
    assetsDir: '',
    modulePreload: false,
    // An inlined image would need another content security policy.
    assetsInlineLimit: 0,
    rolldownOptions: {
      output: { entryFileNames: 'lab.js', assetFileNames: 'lab.[ext]' },
    },
  },
});
