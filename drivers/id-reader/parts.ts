/** What stands in the data of the longer replies (DEVICES §1.3). Views, never copies: the caller wipes the frame. */

export const TEXT_BYTES = 256
export const PHOTO_BYTES = 1024
export const SAM_ID_BYTES = 16
export const MANAGEMENT_NUMBER_BYTES = 28
export const EXTRA_ADDRESS_BYTES = 70
/** Two fingers, one finger [?], or a card that was issued without. */
const PRINT_SIZES: readonly number[] = [1024, 512, 0]

export interface CardParts {
  text: Uint8Array
  photo: Uint8Array
  /** Empty where none were asked for or the card holds none. */
  prints: Uint8Array
}

/** Text and photo of a `read-base` answer: two lengths (BE), then both parts. */
export function baseParts(data: Uint8Array): CardParts | undefined {
  if (data.length !== 4 + TEXT_BYTES + PHOTO_BYTES || !beginsWithSizes(data)) return undefined
  return {
    text: data.subarray(4, 4 + TEXT_BYTES),
    photo: data.subarray(4 + TEXT_BYTES),
    prints: data.subarray(0, 0),
  }
}

/** Text, photo and fingerprints of a `read-base-and-prints` answer: three lengths (BE), then the parts. */
export function printedParts(data: Uint8Array): CardParts | undefined {
  const photoAt = 6 + TEXT_BYTES
  const printsAt = photoAt + PHOTO_BYTES
  const prints = data.length - printsAt
  if (!PRINT_SIZES.includes(prints) || !beginsWithSizes(data) || uint16(data, 4) !== prints) return undefined
  return {
    text: data.subarray(6, photoAt),
    photo: data.subarray(photoAt, printsAt),
    prints: data.subarray(printsAt),
  }
}

function beginsWithSizes(data: Uint8Array): boolean {
  return uint16(data, 0) === TEXT_BYTES && uint16(data, 2) === PHOTO_BYTES
}

function uint16(data: Uint8Array, at: number): number {
  return ((data[at] ?? 0) << 8) | (data[at + 1] ?? 0)
}

/** The 16 bytes of a SAM id as every reader's tool prints them: 05.03-20120101-0000000001-0000000002. */
export function formatSamId(data: Uint8Array): string {
  const view = new DataView(data.buffer, data.byteOffset, SAM_ID_BYTES)
  const digits = (value: number, width: number): string => String(value).padStart(width, '0')
  const parts = `${digits(view.getUint16(0, true), 2)}.${digits(view.getUint16(2, true), 2)}`
  const serials = [digits(view.getUint32(4, true), 8), digits(view.getUint32(8, true), 10)]
  return `${parts}-${serials.join('-')}-${digits(view.getUint32(12, true), 10)}`
}
