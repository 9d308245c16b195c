const RELOADED_FOR = 'w24-reloaded-for'

export interface BuildWatchEnvironment {
  ownBuild: string | null
  memory: Pick<Storage, 'getItem' | 'setItem'>
  reload: () => void
}

/**
 * Reloads a page whose device has been updated beneath it. A reload that brought the same page again is not
 * repeated: a stale page works, a page that reloads for ever does not.
 */
export function watchBuild({ ownBuild, memory, reload }: BuildWatchEnvironment): (build: string) => void {
  return (build) => {
    if (ownBuild === null || build === ownBuild || memory.getItem(RELOADED_FOR) === build) return
    memory.setItem(RELOADED_FOR, build)
    reload()
  }
}

export function ownBuild(page: Document): string | null {
  return page.querySelector('meta[name="w24-build"]')?.getAttribute('content') ?? null
}
