import type { Plugin } from 'vite'

/**
 * Of a page that is fetched while nothing else is to do, every function is to be compiled then and there: by itself a
 * browser does so at the first call, while somebody waits for that page. What a terminal begins with is left as it is.
 * https://github.com/WICG/explicit-javascript-compile-hints-file-based (Chromium since 136; elsewhere a comment).
 */
const HINT = '//# allFunctionsCalledOnLoad\n'

export function compiledAhead(): Plugin {
  return {
    name: 'window24-compiled-ahead',
    apply: 'build',
    enforce: 'post',
    generateBundle: {
      order: 'post',
      handler(_options, bundle) {
        const chunks = Object.values(bundle).filter((file) => file.type === 'chunk')
        const begunWith = new Set<string>()
        const begins = (fileName: string): void => {
          if (begunWith.has(fileName)) return
          begunWith.add(fileName)
          for (const imported of chunks.find((chunk) => chunk.fileName === fileName)?.imports ?? [])
            begins(imported)
        }
        for (const { isEntry, fileName } of chunks) if (isEntry) begins(fileName)
        for (const chunk of chunks) if (!begunWith.has(chunk.fileName)) chunk.code = HINT + chunk.code
      },
    },
  }
}
