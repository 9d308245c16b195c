/**
 * At which page each table of a store begins: a number that nothing else tells, but a store that shrinks keeps a list
 * of such pages. https://www.sqlite.org/fileformat2.html#pointer_map_or_ptrmap_pages
 */

import type { Columns } from './schema-expected.ts'
import { rootOf, type SchemaEntry } from './schema-words.ts'
import { PAGE_BYTES, type StorePages } from './store-pages.ts'
import { firstRowOf } from './store-rows.ts'

/** In the header of the store. */
const LARGEST_ROOT_AT = 52
const SHRINKS_AT = 64
const LIST_ENTRY_BYTES = 5
const LISTED_PAGES = Math.floor(PAGE_BYTES / LIST_ENTRY_BYTES)
const FIRST_LIST_PAGE = 2
const IS_ROOT = 1
const BITS = 8

interface Change {
  page: Buffer
  at: number
  bit: number
  roots: number[]
}

/**
 * Sets them right where one of them is wrong, in the one way that makes a sound store.
 * @param isSound of the pages as they are then
 * @returns false when there is no such way, or more than one: the numbers are as they were then
 */
export function rootsSetRight(
  pages: StorePages,
  entries: readonly SchemaEntry[],
  columns: ReadonlyMap<string, Columns>,
  isSound: () => boolean,
): boolean {
  const roots = entries.map((entry) => rootOf(pages, entry))
  // The first table begins behind the list; without one its own page stands there, of another kind.
  const listed = pages.page(FIRST_LIST_PAGE)?.[0] === IS_ROOT ? listedRoots(pages) : null
  if (areRight(pages, roots, listed)) {
    setHeader(pages, roots, listed !== null)
    return isSound()
  }
  const fits = (changed: readonly number[]): boolean =>
    areRight(pages, changed, listed) &&
    entries.every(({ name }, index) => fitsThere(pages, changed[index] ?? 0, columns.get(name)))
  const isEmpty = (root: number): boolean => firstRowOf(pages, root)?.fields === 0
  const isSoundWith = ({ page, at, bit, roots: changed }: Change): boolean => {
    setHeader(pages, changed, listed !== null)
    page[at] = (page[at] ?? 0) ^ bit
    const isRight = isSound()
    page[at] = (page[at] ?? 0) ^ bit
    return isRight
  }
  const [only, ...others] = changes(pages, entries, roots)
    .filter((change) => fits(change.roots))
    .filter(isSoundWith)
  // Which of two empty tables has which of two empty pages is all one.
  if (only === undefined || (others.length > 0 && !moves(only, roots).every(isEmpty))) return false
  setHeader(pages, only.roots, listed !== null)
  only.page[only.at] = (only.page[only.at] ?? 0) ^ only.bit
  return true
}

/** The pages that are another's afterwards. */
const moves = (change: Change, roots: readonly number[]): number[] =>
  [...roots, ...change.roots].filter(
    (_, index, all) => all[index] !== all[(index + roots.length) % all.length],
  )

/** Each in which one bit is another one. */
const changes = (pages: StorePages, entries: readonly SchemaEntry[], roots: readonly number[]): Change[] =>
  entries.flatMap(({ row, root }, index) => {
    const page = pages.page(row.page)
    if (page === null || pages.isInWal(row.page)) return []
    return Array.from({ length: BITS * root.bytes }, (_, bit) => ({
      page,
      at: root.at + root.bytes - 1 - (bit >> 3),
      bit: 1 << (bit & 7),
      roots: roots.with(index, ((roots[index] ?? 0) ^ (2 ** bit)) >>> 0),
    }))
  })

function areRight(pages: StorePages, roots: readonly number[], listed: ReadonlySet<number> | null): boolean {
  if (new Set(roots).size !== roots.length) return false
  if (listed === null) return roots.every((root) => root > 1 && root <= pages.count)
  return roots.length === listed.size && roots.every((root) => listed.has(root))
}

function listedRoots(pages: StorePages): Set<number> {
  const roots = new Set<number>()
  for (let list = FIRST_LIST_PAGE; list <= pages.count; list += LISTED_PAGES + 1) {
    const page = pages.page(list)
    for (let entry = 0; page !== null && entry < LISTED_PAGES; entry += 1) {
      const number = list + 1 + entry
      if (number <= pages.count && page[entry * LIST_ENTRY_BYTES] === IS_ROOT) roots.add(number)
    }
  }
  return roots
}

/** Read as a store without the list, a store that has one would overwrite it, and the other way round. */
function setHeader(pages: StorePages, roots: readonly number[], shrinks: boolean): void {
  const page = pages.page(1)
  if (page === null || pages.isInWal(1)) return
  page.writeUInt32BE(shrinks ? Math.max(...roots) : 0, LARGEST_ROOT_AT)
  page.writeUInt32BE(shrinks ? 1 : 0, SHRINKS_AT)
}

function fitsThere(pages: StorePages, root: number, columns: Columns | undefined): boolean {
  if (columns === undefined) return true
  const there = firstRowOf(pages, root)
  return there !== null && there.isIndex === columns.isIndex && there.fields <= columns.count
}
