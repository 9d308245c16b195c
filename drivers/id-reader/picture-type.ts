export type PictureType = 'image/png' | 'image/jpeg' | 'image/bmp'

const PNG_BEGIN = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]
/** The chunk IEND with its checksum. */
const PNG_END = [0x49, 0x45, 0x4e, 0x44, 0xae, 0x42, 0x60, 0x82]
const JPEG_BEGIN = [0xff, 0xd8, 0xff]
const JPEG_END = [0xff, 0xd9]
const BMP_BEGIN = [0x42, 0x4d]
const BMP_SIZE_AT = 2
const BMP_HEADER_BYTES = 26

/** By what stands at both ends: half a picture is none. */
export function pictureType(bytes: Uint8Array): PictureType | undefined {
  const begins = (these: readonly number[]): boolean => these.every((byte, index) => bytes[index] === byte)
  const ends = (these: readonly number[]): boolean =>
    these.every((byte, index) => bytes[bytes.length - these.length + index] === byte)
  if (begins(PNG_BEGIN) && ends(PNG_END)) return 'image/png'
  if (begins(JPEG_BEGIN) && ends(JPEG_END)) return 'image/jpeg'
  if (!begins(BMP_BEGIN) || bytes.length < BMP_HEADER_BYTES) return undefined
  const size = new DataView(bytes.buffer, bytes.byteOffset, bytes.length).getUint32(BMP_SIZE_AT, true)
  return size === bytes.length ? 'image/bmp' : undefined
}
