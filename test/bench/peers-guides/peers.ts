/** Search libraries over the same guides, set up as their users would for Chinese: characters, Pinyin and initials. */
import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { match } from 'pinyin-pro'
import { spell } from '../../../device/content/guide-search/spelling.ts'
import type { Guide } from '../../../sync/protocol/content.ts'

const here = fileURLToPath(new URL('.', import.meta.url))

export interface Searched {
  name: string
  /** The names of the first guides, the likeliest first. */
  search(query: string): string[]
  /** One in so many keys is asked: a slow one would take minutes for all. */
  sparse: number
}

interface Row {
  id: number
  name: string
  initials: string
  pinyin: string
  syllables: string
  english: string
  office: string
}

const MOST = 6

/** From the lock file, in this folder: nothing of it is the product's. */
export function installPeers(): void {
  if (existsSync(`${here}/node_modules/minisearch`)) return
  process.stdout.write('installing the peers in test/bench/peers-guides (npm ci)\n')
  execFileSync('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], { cwd: here, stdio: 'ignore' })
}

const load = async (name: string): Promise<unknown> =>
  ((await import(import.meta.resolve(name))) as { default: unknown }).default

export async function peersOver(guides: readonly Guide[]): Promise<Searched[]> {
  const rows = guides.map((guide, id): Row => {
    const syllables = spell(guide.name, guide.initials).map(({ sounds, character }) => sounds[0] ?? character)
    return {
      id,
      name: guide.name,
      initials: guide.initials.toLowerCase(),
      pinyin: syllables.join(''),
      syllables: syllables.join(' '),
      english: guide.nameEnglish.toLowerCase(),
      office: guide.office,
    }
  })
  return [await miniSearchOver(rows), await fuseOver(rows), matchOver(rows)]
}

async function miniSearchOver(rows: readonly Row[]): Promise<Searched> {
  const MiniSearch = (await load('minisearch')) as new (
    options: object,
  ) => {
    addAll(rows: readonly Row[]): void
    search(query: string, options: object): { id: number }[]
  }
  const index = new MiniSearch({
    fields: ['name', 'initials', 'pinyin', 'syllables', 'english', 'office'],
    // Chinese has no spaces between words: each hanzi is a word.
    tokenize: (text: string) => text.toLowerCase().match(/\p{Script=Han}|[a-z0-9]+/gu) ?? [],
  })
  index.addAll(rows)
  const options = { prefix: true, fuzzy: 0.2, combineWith: 'AND', boost: { name: 3, initials: 2 } }
  return {
    name: 'minisearch 7.2.0',
    search: (query) =>
      index
        .search(query, options)
        .slice(0, MOST)
        .map(({ id }) => rows[id]?.name ?? ''),
    sparse: 1,
  }
}

async function fuseOver(rows: readonly Row[]): Promise<Searched> {
  const Fuse = (await load('fuse.js')) as new (
    rows: readonly Row[],
    options: object,
  ) => { search(query: string, options: object): { item: Row }[] }
  const index = new Fuse(rows, {
    keys: ['name', 'initials', 'pinyin', 'english', 'office'],
    threshold: 0.3,
    ignoreLocation: true,
  })
  return {
    name: 'fuse.js 7.1.0',
    search: (query) => index.search(query, { limit: MOST }).map(({ item }) => item.name),
    sparse: 10,
  }
}

/** Has no index: it looks at every name at every key, and ranks nothing. */
function matchOver(rows: readonly Row[]): Searched {
  return {
    name: 'pinyin-pro 3.29.4, match()',
    search: (query) => {
      const found: string[] = []
      for (const { name } of rows) if (match(name, query) !== null) found.push(name)
      return found.slice(0, MOST)
    },
    sparse: 40,
  }
}
