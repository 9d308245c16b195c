import { existsSync } from 'node:fs'
import { svelte } from '@sveltejs/vite-plugin-svelte'
import { defineConfig } from 'vite'
import { buildIdentity } from './build/build-identity.ts'
import { bundledFonts } from './build/bundled-fonts.ts'
import { compiledAhead } from './build/compiled-ahead.ts'
import { earlyRequests } from './build/early-requests.ts'
import { pinyinDictionary } from './build/pinyin-dictionary.ts'
import { spokenClips } from './build/spoken-clips.ts'

const root = import.meta.dirname

/** One entry page each; a page is built as soon as its folder is there. */
const pages = ['terminal', 'pad', 'window', 'setup', 'hall', 'dock'].filter((page) =>
  existsSync(`${root}/${page}/index.html`),
)

export default defineConfig({
  root,
  base: '/',
  publicDir: false,
  // The one browser these pages meet is the Chromium of the machine itself.
  build: {
    target: 'chrome120',
    outDir: `${root}/dist`,
    emptyOutDir: true,
    assetsDir: 'assets',
    // `font-src 'self'` and `style-src 'self'` refuse data: addresses, so nothing is inlined.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    rolldownOptions: {
      // How long each plugin took says nothing to whoever only wants to start.
      checks: { bundlerTimings: false },
      input: Object.fromEntries(pages.map((page) => [page, `${root}/${page}/index.html`])),
    },
  },
  plugins: [
    svelte({ configFile: false }),
    bundledFonts(root),
    pinyinDictionary(root),
    spokenClips(root),
    earlyRequests(['terminal']),
    compiledAhead(),
    buildIdentity(),
  ],
})
