/**
 * A hall's own recordings and pictures: `sounds/zh/NAME.mp3` and `sounds/en/NAME.mp3` (or .ogg, .opus, .wav), called as
 * the clips of ui/shared/sound/words; `images/staff/STAFFID.jpg` (or .png, .webp).
 */
import { readFileSync, statSync } from 'node:fs'
import { extname, join } from 'node:path'
import { sha256Hex } from '../../protocol/canonical.ts'
import { MEDIA_BYTES_MAX, type MediaItem, type MediaKind, mediaFault } from '../../protocol/media.ts'
import { HallError } from '../fault.ts'
import { entriesIn } from './folder.ts'

export interface Medium extends MediaItem {
  bytes: Uint8Array
}

interface MediaFolder {
  path: readonly string[]
  kind: MediaKind
  types: Readonly<Record<string, string>>
}

const SOUNDS = { '.mp3': 'audio/mpeg', '.ogg': 'audio/ogg', '.opus': 'audio/ogg', '.wav': 'audio/wav' }
const IMAGES = { '.png': 'image/png', '.jpg': 'image/jpeg', '.jpeg': 'image/jpeg', '.webp': 'image/webp' }

const FOLDERS: readonly MediaFolder[] = [
  { path: ['sounds', 'zh'], kind: 'sound', types: SOUNDS },
  { path: ['sounds', 'en'], kind: 'sound', types: SOUNDS },
  { path: ['images', 'staff'], kind: 'image', types: IMAGES },
]

const MIB = 1024 * 1024

/** @throws HallError `content-invalid`, naming the file, its fault and what to do */
export function readMedia(folder: string): { media: Medium[]; leftAlone: string[] } {
  const leftAlone: string[] = strayIn(folder)
  const media = new Map<string, Medium>()
  for (const { path, kind, types } of FOLDERS) {
    for (const file of entriesIn(join(folder, ...path))) {
      const extension = extname(file).toLowerCase()
      const mediaType = types[extension]
      if (mediaType === undefined) {
        leftAlone.push([...path, file].join('/'))
        continue
      }
      const at = join(folder, ...path, file)
      const name = [kind, ...path.slice(1), file.slice(0, -extension.length)].join('/')
      if (media.has(name)) throw new HallError('content-invalid', `${at}: ${name} is there twice`)
      media.set(name, readMedium(at, { name, kind, mediaType }))
    }
  }
  return { media: [...media.values()], leftAlone }
}

function readMedium(path: string, about: Omit<MediaItem, 'sha256'>): Medium {
  const { size } = statSync(path)
  if (size > MEDIA_BYTES_MAX)
    throw new HallError(
      'content-invalid',
      `${path} has ${(size / MIB).toFixed(1)} MiB; at most ${MEDIA_BYTES_MAX / MIB} MiB: save it smaller`,
    )
  const bytes = readFileSync(path)
  const fault = mediaFault(about, bytes)
  if (fault !== null)
    throw new HallError(
      'content-invalid',
      `${path} is no ${about.kind}: ${fault}; save it anew, or take it away`,
    )
  return { ...about, sha256: sha256Hex(bytes), bytes }
}

const LOOKS_LIKE_MEDIA = /^(?:images?|sounds?)(?:\.json)?$/i
const KNOWN: readonly string[] = ['images', 'sounds']
const PLACES: readonly string[] = FOLDERS.map(({ path }) => path.join('/'))

/** Files and folders of a hall's content that it would be waited for in vain. */
function strayIn(folder: string): string[] {
  return entriesIn(folder)
    .filter((name) => LOOKS_LIKE_MEDIA.test(name))
    .flatMap((name) => {
      if (!KNOWN.includes(name)) return [name]
      const within = entriesIn(join(folder, name)).map((one) => `${name}/${one}`)
      return within.filter((one) => !PLACES.includes(one))
    })
}
