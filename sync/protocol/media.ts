/**
 * A hall's own recordings and pictures (PROTOCOLS.md §1.4, content kinds `sound` and `image`): items that are no JSON.
 * What one is for is said by its name alone.
 */

export const mediaKinds = ['sound', 'image'] as const
export type MediaKind = (typeof mediaKinds)[number]

export interface MediaItem {
  /** `sound/zh/idle-warning`, `image/staff/S012` */
  name: string
  kind: MediaKind
  sha256: string
  mediaType: string
}

/** A minute of speech, or a portrait larger than any screen shows it. */
export const MEDIA_BYTES_MAX = 1024 * 1024

/** A saying in one of the two languages, called as the clip that it stands for; a member of the staff. */
const NAMES: Readonly<Record<MediaKind, RegExp>> = {
  sound: /^sound\/(?:zh|en)\/[a-z][a-z0-9]*(?:-[A-Za-z0-9]+)*$/,
  image: /^image\/staff\/[A-Z0-9]{2,12}$/,
}

const text = (bytes: Uint8Array, from: number, to: number): string =>
  Buffer.from(bytes.subarray(from, to)).toString('latin1')

const isRiff = (bytes: Uint8Array, of: string): boolean =>
  text(bytes, 0, 4) === 'RIFF' && text(bytes, 8, 12) === of

/** An MPEG audio frame begins with eleven bits that are set (ISO 11172-3, 2.4.2.3), a tagged file with its tag. */
const isMpeg = (bytes: Uint8Array): boolean =>
  text(bytes, 0, 3) === 'ID3' || (bytes[0] === 0xff && ((bytes[1] ?? 0) & 0xe0) === 0xe0)

/** What browsers play and show and that cannot hold a program, by how such a file begins. */
const TYPES: Readonly<Record<MediaKind, Readonly<Record<string, (bytes: Uint8Array) => boolean>>>> = {
  sound: {
    'audio/mpeg': isMpeg,
    'audio/ogg': (bytes) => text(bytes, 0, 4) === 'OggS',
    'audio/wav': (bytes) => isRiff(bytes, 'WAVE'),
  },
  image: {
    'image/png': (bytes) => text(bytes, 0, 8) === '\x89PNG\r\n\x1a\n',
    'image/jpeg': (bytes) => text(bytes, 0, 3) === '\xff\xd8\xff',
    'image/webp': (bytes) => isRiff(bytes, 'WEBP'),
  },
}

export const isMediaKind = (kind: string): kind is MediaKind => mediaKinds.some((one) => one === kind)

/** What is wrong with it, in words; null for nothing. */
export function mediaFault(
  { name, kind, mediaType }: Omit<MediaItem, 'sha256'>,
  bytes: Uint8Array,
): string | null {
  if (!NAMES[kind].test(name)) return `no ${kind} is called so`
  const begins = TYPES[kind][mediaType]
  if (begins === undefined) return `${mediaType} is none of ${Object.keys(TYPES[kind]).join(', ')}`
  return begins(bytes) ? null : `it does not begin as ${mediaType} does`
}
