import pinyinAddress from 'window24:pinyin.txt'
import { PinyinDictionary } from './pinyin/dictionary.ts'
import hanAddress from './rare/han.txt?url'
import { HanTable } from './rare/han-table.ts'

export interface Tables {
  dictionary: PinyinDictionary
  han: HanTable
}

let loading: Promise<Tables> | null = null

async function textAt(address: string): Promise<string> {
  const response = await fetch(address)
  if (!response.ok) throw new Error(`${address}: ${response.status}`)
  return response.text()
}

async function load(): Promise<Tables> {
  const [pinyin, han] = await Promise.all([textAt(pinyinAddress), textAt(hanAddress)])
  return { dictionary: new PinyinDictionary(pinyin), han: new HanTable(han) }
}

/** Once for the page's life; what failed is tried again by the next keyboard. */
export function loadTables(): Promise<Tables> {
  loading ??= load().catch((error: unknown) => {
    loading = null
    throw error
  })
  return loading
}
