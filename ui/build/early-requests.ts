import type { Plugin } from 'vite'

/** What the first page cannot stand without, and would ask for only once its script runs. */
const STATE = '<link rel="preload" as="fetch" crossorigin href="/api/state">'
/** Of the weights that the first page has words in. */
const EARLY_FONT = /noto-sans-sc-(?:400|700)-common[^/]*\.ttf$/

/** Lets a page ask for its device's state and for its fonts while its script is on the way. */
export function earlyRequests(pages: readonly string[]): Plugin {
  return {
    name: 'window24-early-requests',
    apply: 'build',
    enforce: 'post',
    generateBundle: {
      order: 'post',
      handler(_options, bundle) {
        const fonts = Object.keys(bundle).filter((file) => EARLY_FONT.test(file))
        const asked = [
          STATE,
          ...fonts.map(
            (file) => `<link rel="preload" as="font" type="font/ttf" crossorigin href="/${file}">`,
          ),
        ]
        for (const file of Object.values(bundle)) {
          if (file.type !== 'asset' || !pages.some((page) => file.fileName === `${page}/index.html`)) continue
          file.source = String(file.source).replace('</title>', `</title>\n    ${asked.join('\n    ')}`)
        }
      },
    },
  }
}
