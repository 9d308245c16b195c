import { createHash } from 'node:crypto'
import type { Plugin } from 'vite'

const HASH_CHARACTERS = 16

/**
 * Names each build by the hash of all its outputs: `build.json` tells the device, a `w24-build` meta tag tells
 * the page. A page that is older than its device finds out by comparing the two (shared/build-watch.ts).
 */
export function buildIdentity(): Plugin {
  return {
    name: 'window24-build-identity',
    apply: 'build',
    enforce: 'post',
    generateBundle: {
      order: 'post',
      handler(_options, bundle) {
        const hash = createHash('sha256')
        for (const file of Object.values(bundle).toSorted((a, b) => a.fileName.localeCompare(b.fileName))) {
          hash.update(file.fileName)
          hash.update(file.type === 'chunk' ? file.code : file.source)
        }
        const build = hash.digest('hex').slice(0, HASH_CHARACTERS)
        for (const file of Object.values(bundle)) {
          if (file.type !== 'asset' || !file.fileName.endsWith('.html')) continue
          file.source = String(file.source).replace(
            '</title>',
            `</title>\n    <meta name="w24-build" content="${build}" />`,
          )
        }
        this.emitFile({
          type: 'asset',
          fileName: 'build.json',
          source: `${JSON.stringify({ build })}\n`,
        })
      },
    },
  }
}
