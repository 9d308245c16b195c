/** One whole version of a hall's content: every item checked, and all of them together (PROTOCOLS.md §1.4). */
import { sha256Hex } from './protocol/canonical.ts'
import {
  type BlankForm,
  type Calendar,
  type ContentKind,
  type ContentManifest,
  contentKinds,
  type Dictionary,
  FORM_MEDIA_TYPE,
  type Guide,
  type Hall,
  type Notice,
  type StaffItem,
} from './protocol/content.ts'
import { dictionaryFault } from './protocol/dictionary.ts'
import { isMediaKind, type MediaItem, mediaFault } from './protocol/media.ts'
import type { ProofOffers } from './protocol/proofs.ts'
import type { BusinessTypes } from './protocol/queue.ts'

export interface ContentSet {
  version: string
  guides: Guide[]
  /** Their PDFs stay where they are stored. */
  forms: BlankForm[]
  staff: StaffItem[]
  notices: Notice[]
  /** Null where the hall hands none out. */
  hall: Hall | null
  calendars: Calendar[]
  dictionaries: Dictionary[]
  /** What one can queue for; empty where the hall hands out no numbers. */
  businessTypes: BusinessTypes
  /** What can be printed; empty where nobody issues proofs. */
  proofs: ProofOffers
  /** The hall's own recordings and pictures that can be used; their bytes stay where they are stored. */
  media: MediaItem[]
}

export type ManifestItem = ContentManifest['items'][number]

/** Which item is wrong, and why, for the hall's staff; never what a person wrote in it. */
export interface ItemFault {
  item: string
  why: string
}

export type BuiltSet = { ok: true; content: ContentSet } | ({ ok: false } & ItemFault)

/** Kinds that this software does not know yet are left alone: they are neither fetched nor kept. */
export function knownItems(manifest: ContentManifest): ManifestItem[] {
  return manifest.items.filter(({ kind }) => Object.hasOwn(contentKinds, kind) || isMediaKind(kind))
}

/** Puts a version together from the bytes of its items, by hash. One wrong item and there is no set. */
export function buildContentSet(
  manifest: ContentManifest,
  bytesOf: (sha256: string) => Uint8Array | null,
): BuiltSet {
  const found: { [K in ContentKind]: unknown[] } = {
    guide: [],
    form: [],
    staff: [],
    notice: [],
    hall: [],
    calendar: [],
    dictionary: [],
    'business-types': [],
    proofs: [],
  }
  const names = new Set<string>()
  const blanks = new Set<string>()
  const media: MediaItem[] = []
  for (const item of knownItems(manifest)) {
    const bytes = bytesOf(item.sha256)
    const why = bytes === null ? 'it is not here' : bytesFault(item, bytes)
    if (bytes === null || why !== null) return { ok: false, item: item.name, why: why ?? '' }
    if (isMediaKind(item.kind)) {
      const { name, kind, sha256, mediaType } = { ...item, kind: item.kind }
      const medium: MediaItem = { name, kind, sha256, mediaType }
      // One that cannot be used is as one that is missing: what is built in stands in its place.
      if (mediaFault(medium, bytes) === null) media.push(medium)
      continue
    }
    const kind = item.kind as ContentKind
    if (isBlank(item)) {
      if (!isPdf(bytes)) return { ok: false, item: item.name, why: 'it is no PDF' }
      blanks.add(item.sha256)
      continue
    }
    const read = readItem(kind, bytes)
    if (!read.ok) return { ok: false, item: item.name, why: read.why }
    const key = `${kind} ${read.key}`
    if (names.has(key)) return { ok: false, item: item.name, why: `there are two of ${key}` }
    names.add(key)
    found[kind].push(read.value)
  }
  const lacking = (found.form as BlankForm[]).find(({ sha256 }) => !blanks.has(sha256))
  if (lacking !== undefined) return { ok: false, item: lacking.title, why: 'its PDF is not among the items' }
  return {
    ok: true,
    content: {
      version: manifest.version,
      guides: found.guide as Guide[],
      forms: found.form as BlankForm[],
      staff: found.staff as StaffItem[],
      notices: found.notice as Notice[],
      hall: (found.hall as Hall[])[0] ?? null,
      calendars: found.calendar as Calendar[],
      dictionaries: found.dictionary as Dictionary[],
      businessTypes: (found['business-types'] as BusinessTypes[])[0] ?? [],
      proofs: (found.proofs as ProofOffers[])[0] ?? [],
      media,
    },
  }
}

/** The PDF of a form, as against the item that tells of it. */
export function isBlank({ kind, mediaType }: ManifestItem): boolean {
  return kind === 'form' && mediaType === FORM_MEDIA_TYPE
}

const PDF_BEGINS = '%PDF-'

function isPdf(bytes: Uint8Array): boolean {
  return Buffer.from(bytes.subarray(0, PDF_BEGINS.length)).toString('latin1') === PDF_BEGINS
}

/** What is wrong with an item's bytes as such; null for nothing. */
export function bytesFault(item: ManifestItem, bytes: Uint8Array): string | null {
  if (bytes.byteLength !== item.size) return `${bytes.byteLength} bytes instead of ${item.size}`
  return sha256Hex(bytes) === item.sha256 ? null : 'its SHA-256 is another one'
}

type ReadItem = { ok: true; value: unknown; key: string } | { ok: false; why: string }

/** An item by its kind's schema, with what it is called among its kind. */
function readItem(kind: ContentKind, bytes: Uint8Array): ReadItem {
  let json: unknown
  try {
    json = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch {
    return { ok: false, why: 'it is no JSON in UTF-8' }
  }
  const read = contentKinds[kind].safeParse(json)
  if (!read.success) {
    const issue = read.error.issues[0]
    return { ok: false, why: `${issue?.path.map(String).join('.') || kind}: ${issue?.message ?? 'wrong'}` }
  }
  if (kind === 'dictionary') {
    const why = dictionaryFault(read.data as Dictionary)
    if (why !== null) return { ok: false, why }
  }
  return { ok: true, value: read.data, key: keyOf(kind, read.data) }
}

function keyOf(kind: ContentKind, value: unknown): string {
  switch (kind) {
    case 'guide':
      return (value as Guide).itemCode
    case 'form':
      // Offices have forms of one title.
      return `${(value as BlankForm).title} ${(value as BlankForm).itemCodes.join(' ')}`
    case 'staff':
      return (value as StaffItem).staffId
    case 'notice':
      return (value as Notice).id
    case 'hall':
    case 'business-types':
    case 'proofs':
      return ''
    case 'calendar':
      return String((value as Calendar).year)
    case 'dictionary':
      return (value as Dictionary).version
  }
}
