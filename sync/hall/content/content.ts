/** What the hall hands out (PROTOCOLS.md §1.4): items named by their bytes, and one version over all of them. */
import { canonicalText, sha256Base64url, sha256Hex } from '../../protocol/canonical.ts'
import { Calendar, type ContentManifest, FORM_MEDIA_TYPE } from '../../protocol/content.ts'
import { builtInDictionaries } from '../../protocol/dictionary.ts'
import { calendarsTwice } from '../../protocol/working-days.ts'
import { HallError } from '../fault.ts'
import { type ContentEntry, readContentFolder } from './folder.ts'
import { readForms } from './forms.ts'
import { readMedia } from './media.ts'

const MEDIA_TYPE = 'application/json'

export interface HallContent {
  readonly manifest: ContentManifest
  /** What working days are counted with. */
  readonly calendars: readonly Calendar[]
  /** What lies among recordings and pictures and is none that is handed out. */
  readonly leftAlone: readonly string[]
  /** The bytes of an item by their SHA-256; null where no item has it. */
  item(sha256: string): { bytes: Uint8Array; mediaType: string } | null
}

/**
 * Reads the hall's folder, and adds the nation's dictionaries of labels.
 * @throws HallError `content-invalid`
 */
export function loadContent(folder: string): HallContent {
  const dictionaries = builtInDictionaries().map(({ version, dictionary }): ContentEntry => {
    return { name: `dictionary/${version}`, kind: 'dictionary', value: dictionary }
  })
  const forms = readForms(folder)
  const entries = [...readContentFolder(folder), ...dictionaries, ...forms.entries].sort((a, b) =>
    a.name < b.name ? -1 : 1,
  )
  const twice = entries.find((entry, index) => entries[index + 1]?.name === entry.name)
  if (twice !== undefined) throw new HallError('content-invalid', `${folder}: ${twice.name} is there twice`)

  const calendars = entries
    .filter(({ kind }) => kind === 'calendar')
    .map(({ value }) => Calendar.parse(value))
  const [doubled] = calendarsTwice(calendars)
  if (doubled !== undefined)
    throw new HallError(
      'content-invalid',
      `${folder}: two calendars of ${doubled}: keep the one that was published`,
    )

  const items = new Map<string, { bytes: Uint8Array; mediaType: string }>()
  const listed = entries.map(({ name, kind, value }): ContentManifest['items'][number] => {
    const bytes = Buffer.from(canonicalText(value))
    const sha256 = sha256Hex(bytes)
    items.set(sha256, { bytes, mediaType: MEDIA_TYPE })
    return { name, kind, sha256, size: bytes.byteLength, mediaType: MEDIA_TYPE }
  })
  for (const { name, sha256, bytes } of forms.blanks) {
    items.set(sha256, { bytes, mediaType: FORM_MEDIA_TYPE })
    listed.push({ name, kind: 'form', sha256, size: bytes.byteLength, mediaType: FORM_MEDIA_TYPE })
  }
  const { media, leftAlone } = readMedia(folder)
  for (const { name, kind, sha256, mediaType, bytes } of media) {
    items.set(sha256, { bytes, mediaType })
    listed.push({ name, kind, sha256, size: bytes.byteLength, mediaType })
  }
  return {
    manifest: { version: sha256Base64url(canonicalText(listed)), items: listed },
    calendars,
    leftAlone,
    item: (sha256) => items.get(sha256) ?? null,
  }
}
