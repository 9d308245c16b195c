/** What the hall hands out, kept on the device: whole versions, the last good one for as long as it takes. */

import {
  buildContentSet,
  bytesFault,
  type ContentSet,
  isBlank,
  knownItems,
  type ManifestItem,
} from './content-set.ts'
import { downlinkMigrations } from './downlink-schema.ts'
import type { HallClient, HallFault } from './hall-client.ts'
import { ContentManifest, FORM_BYTES_MAX } from './protocol/content.ts'
import type { Db } from './sqlite.ts'

export { type ContentSet, downlinkMigrations }

/** A guide is some 6 kB: what is larger by this much is no item of the kinds known here. */
const MAX_ITEM_BYTES = 1024 * 1024

/** 5,000 guides, a form for every other one, and all the rest; still little on a device's disk. */
const MAX_ITEMS = 12_000
const MAX_CONTENT_BYTES = 256 * 1024 * 1024
/** What has been fetched is put by in portions: little is held in memory, and few syncs hold up the device. */
const PORTION_BYTES = 4 * 1024 * 1024

export type RefreshResult =
  | { ok: true; version: string; changed: boolean }
  /** The version that was here stays. */
  | { ok: false; code: 'no-answer' | 'refused' | 'strange-answer'; detail: string }
  | { ok: false; code: 'item'; item: string; detail: string }
  | { ok: false; code: 'too-much'; detail: string }

export interface Downlink {
  /** The last good version; null before the first. */
  content(): ContentSet | null
  /** The PDF of a form of the version that is here; null for any other. */
  blankForm(sha256: string): Uint8Array | null
  /** The bytes of a recording or picture of the version that is here; null for any other. */
  medium(sha256: string): { bytes: Uint8Array; mediaType: string } | null
  /** Called when another version has taken its place; returns how to stop listening. */
  onChange(listener: (content: ContentSet) => void): () => void
  /** Fetches what the hall has now. Calls during one join in a single further one. */
  refresh(): Promise<RefreshResult>
  /** How the last refresh ended; null before the first. */
  lastRefresh(): RefreshResult | null
}

export function openDownlink(options: {
  db: Db
  client: Pick<HallClient, 'getManifest' | 'getItem'>
}): Downlink {
  const { db, client } = options
  const sql = statements(db)
  const listeners = new Set<(content: ContentSet) => void>()
  let content = stored()
  let last: RefreshResult | null = null
  let running: Promise<RefreshResult> | null = null
  let following: Promise<RefreshResult> | null = null

  /** What lies in the store, as this software reads it: after an update it may have to be fetched anew. */
  function stored(): ContentSet | null {
    const text = sql.manifest.get()
    if (text === undefined) return null
    const built = buildContentSet(
      ContentManifest.parse(JSON.parse(text)),
      (hash) => sql.item.get(hash) ?? null,
    )
    return built.ok ? built.content : null
  }

  async function fetchVersion(): Promise<RefreshResult> {
    const answer = await client.getManifest(content?.version ?? null)
    if (!answer.ok) return fromFault(answer)
    if (!answer.value.changed) return unchanged()
    const { manifest } = answer.value
    if (manifest.version === content?.version) return unchanged()
    const items = knownItems(manifest)
    const tooMuch = limitsFault(items)
    if (tooMuch !== null) return tooMuch

    const fetched = new Map<string, Uint8Array>()
    let portion = 0
    for (const item of items) {
      if (fetched.has(item.sha256) || isHere(item)) continue
      const got = await client.getItem(item.sha256, item.size)
      if (!got.ok) return itemFault(item, got)
      const why = bytesFault(item, got.value)
      if (why !== null) return { ok: false, code: 'item', item: item.name, detail: why }
      fetched.set(item.sha256, got.value)
      portion += item.size
      if (portion < PORTION_BYTES) continue
      db.transaction(() => putBy(fetched)).immediate()
      fetched.clear()
      portion = 0
    }
    const built = buildContentSet(manifest, (hash) => fetched.get(hash) ?? sql.item.get(hash) ?? null)
    if (!built.ok) return { ok: false, code: 'item', item: built.item, detail: built.why }

    db.transaction(() => {
      putBy(fetched)
      sql.setManifest.run(manifest.version, JSON.stringify(manifest))
      sql.dropOthers.run(JSON.stringify(items.map((item) => item.sha256)))
    }).immediate()
    content = built.content
    for (const listener of listeners) listener(content)
    return { ok: true, version: manifest.version, changed: true }
  }

  /** Of a version that is never taken, what was put by goes with the next that is. */
  function putBy(fetched: ReadonlyMap<string, Uint8Array>): void {
    for (const [sha256, bytes] of fetched) sql.addItem.run(sha256, bytes)
  }

  function isHere(item: ManifestItem): boolean {
    const bytes = sql.item.get(item.sha256)
    return bytes !== undefined && bytesFault(item, bytes) === null
  }

  function unchanged(): RefreshResult {
    if (content !== null) return { ok: true, version: content.version, changed: false }
    return { ok: false, code: 'strange-answer', detail: 'the hall says unchanged, and there is nothing here' }
  }

  function run(): Promise<RefreshResult> {
    running = fetchVersion()
      .then((result) => {
        last = result
        return result
      })
      .finally(() => {
        running = null
      })
    return running
  }

  return {
    content: () => content,
    blankForm(sha256) {
      const isOurs = content?.forms.some((form) => form.sha256 === sha256)
      return isOurs ? (sql.item.get(sha256) ?? null) : null
    },
    medium(sha256) {
      const item = content?.media.find((one) => one.sha256 === sha256)
      const bytes = item === undefined ? undefined : sql.item.get(sha256)
      return item === undefined || bytes === undefined ? null : { bytes, mediaType: item.mediaType }
    },
    onChange(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    refresh() {
      if (running === null) return run()
      following ??= running
        .then(
          () => {},
          () => {},
        )
        .then(() => {
          following = null
          return running ?? run()
        })
      return following
    },
    lastRefresh: () => last,
  }
}

function limitsFault(items: readonly ManifestItem[]): RefreshResult | null {
  const tooMuch = (detail: string): RefreshResult => ({ ok: false, code: 'too-much', detail })
  if (items.length > MAX_ITEMS) return tooMuch(`${items.length} items; at most ${MAX_ITEMS}`)
  const most = (item: ManifestItem): number => (isBlank(item) ? FORM_BYTES_MAX : MAX_ITEM_BYTES)
  const large = items.find((item) => item.size > most(item))
  if (large !== undefined) return tooMuch(`${large.name} has ${large.size} bytes; at most ${most(large)}`)
  const bytes = items.reduce((sum, item) => sum + item.size, 0)
  return bytes > MAX_CONTENT_BYTES ? tooMuch(`${bytes} bytes in all; at most ${MAX_CONTENT_BYTES}`) : null
}

function fromFault(fault: HallFault): RefreshResult {
  switch (fault.kind) {
    case 'no-answer':
      return { ok: false, code: 'no-answer', detail: fault.detail }
    case 'problem':
      return { ok: false, code: 'refused', detail: `${fault.status} ${fault.problem.code}` }
    case 'unexpected':
      return { ok: false, code: 'strange-answer', detail: `${fault.status}: ${fault.detail}` }
  }
}

/** A longer item than its manifest says is the item's fault, not the line's. */
function itemFault(item: ManifestItem, fault: HallFault): RefreshResult {
  if (fault.kind === 'no-answer' && fault.reason === 'answer-too-large')
    return { ok: false, code: 'item', item: item.name, detail: `more than its ${item.size} bytes` }
  return fromFault(fault)
}

function statements(db: Db) {
  return {
    manifest: db.prepare<[], string>('SELECT text FROM downlink_manifest').pluck(),
    setManifest: db.prepare<[string, string]>(
      'INSERT INTO downlink_manifest (one, version, text) VALUES (1, ?, ?) ' +
        'ON CONFLICT DO UPDATE SET version = excluded.version, text = excluded.text',
    ),
    item: db.prepare<[string], Buffer>('SELECT bytes FROM downlink_items WHERE sha256 = ?').pluck(),
    addItem: db.prepare<[string, Uint8Array]>(
      'INSERT INTO downlink_items (sha256, bytes) VALUES (?, ?) ON CONFLICT DO UPDATE SET bytes = excluded.bytes',
    ),
    dropOthers: db.prepare<[string]>(
      'DELETE FROM downlink_items WHERE sha256 NOT IN (SELECT value FROM json_each(?))',
    ),
  }
}
