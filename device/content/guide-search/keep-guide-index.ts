/**
 * The index of the guides that are in force, made anew when the hall's content is another. It is made a few guides
 * at a time, between whatever else the device has to do. The first one can be searched while it is being made.
 */
import { setImmediate as pause } from 'node:timers/promises'
import type { Guide } from '../../../sync/protocol/content.ts'
import type { GuideIndex, IndexedGuide } from './guide-index.ts'

/** A touch that comes meanwhile waits no longer than this. */
const SLICE_MS = 8

export interface GuideIndexKeeper {
  readonly index: GuideIndex
  /** The content may be another. */
  look(): void
  close(): void
}

const NOTHING: GuideIndex = { size: 0, search: () => ({ guides: [], found: 0, near: false }) }

/** @param onReady a new index has taken the place of the one before */
export function keepGuideIndex(options: {
  guides: () => readonly Guide[]
  onReady: () => void
  onTrouble: (error: unknown) => void
}): GuideIndexKeeper {
  let index = NOTHING
  let of: readonly Guide[] | null = null
  let round = 0

  async function make(guides: readonly Guide[], mine: number): Promise<void> {
    // The library of Pinyin comes when it is first needed: a pad has no guides to search.
    const { createIndexer, guideIndex } = await import('./guide-index.ts')
    if (mine !== round) return
    const indexer = createIndexer()
    const indexed: IndexedGuide[] = []
    const isFirst = index.size === 0
    if (isFirst) index = guideIndex(indexed)
    let begun = performance.now()
    for (const guide of guides) {
      indexed.push(indexer(guide))
      if (performance.now() - begun < SLICE_MS) continue
      await pause()
      if (mine !== round) return
      begun = performance.now()
    }
    index = guideIndex(indexed)
    options.onReady()
  }

  const look = (): void => {
    const guides = options.guides()
    if (guides === of) return
    of = guides
    round += 1
    make(guides, round).catch(options.onTrouble)
  }

  look()
  return {
    get index() {
      return index
    },
    look,
    close() {
      round += 1
    },
  }
}
