/** What a clerk may ask about: the hall's items, found by code or by words, and what stands for one not known. */
import type { Guide } from '../../../sync/protocol/content.ts'
import { type GuideIndexKeeper, keepGuideIndex } from '../../content/guide-search/keep-guide-index.ts'
import type { FoundItems } from '../contract.ts'

/** As many as fit beneath a line of type without covering the page. */
const SHOWN_AT_MOST = 8
/** An item's code begins with its office's: fewer characters name nothing. */
const CODE_CHARACTERS_AT_LEAST = 4

/** A receipt's barcode tells the case and nothing of its item: what is rated then is the service at the window. */
export const WINDOW_SERVICE = { itemCode: 'WINDOW', itemName: '窗口服务' } as const

export interface ClerkItems {
  find(query: string, language: 'zh' | 'en'): Promise<FoundItems>
  named(itemCode: string): { itemCode: string; itemName: string } | null
  close(): void
}

export const clerkItems = (options: {
  guides: () => readonly Guide[]
  onTrouble: (error: unknown) => void
}): ClerkItems => {
  const { guides, onTrouble } = options
  /** Made when a clerk looks for the first time: a pad whose system names the items needs none. */
  let index: GuideIndexKeeper | null = null
  const ready = Promise.withResolvers<void>()
  const indexed = async (): Promise<GuideIndexKeeper> => {
    index ??= keepGuideIndex({ guides, onReady: ready.resolve, onTrouble })
    index.look()
    await ready.promise
    return index
  }
  return {
    async find(query, language) {
      const typed = query.trim()
      const code = typed.toUpperCase()
      const byCode =
        code.length >= CODE_CHARACTERS_AT_LEAST && /^[0-9A-Z]+$/.test(code)
          ? guides().filter(({ itemCode }) => itemCode.startsWith(code))
          : []
      if (byCode.length > 0) return answer(byCode, byCode.length, false)
      if (typed === '') return answer(guides(), guides().length, false)
      const found = (await indexed()).index.search(typed, language, SHOWN_AT_MOST)
      return answer(found.guides, found.found, found.near)
    },
    named(itemCode) {
      const guide = guides().find((one) => one.itemCode === itemCode)
      return guide === undefined ? null : { itemCode, itemName: guide.name }
    },
    close: () => index?.close(),
  }
}

const answer = (guides: readonly Guide[], found: number, near: boolean): FoundItems => ({
  items: guides.slice(0, SHOWN_AT_MOST).map(({ itemCode, name, nameEnglish, office }) => {
    return { itemCode, name, nameEnglish, office }
  }),
  found,
  near,
})
