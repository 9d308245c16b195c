import { deflate, deflateSync } from 'node:zlib'

/** A twentieth larger than with zlib's usual 6, in two thirds of its time. */
const LEVEL = 1
/** zlib's answer may be longer than what it was given: 5 bytes for each 16 kB and 6 besides; also its least room. */
const GROWTH_MAXIMUM_BYTES = 1024
/** From here on the time another thread takes off is worth handing it over: a font, but none of the other streams. */
const LARGE_BYTES = 32_768

/** What one stream of a PDF is compressed to; of a large one while the paper goes on. */
export type Deflated = Buffer | Promise<Buffer>

export function deflated(data: Uint8Array): Deflated {
  // With room for the whole answer, which zlib would otherwise gather in pieces.
  const options = { level: LEVEL, chunkSize: data.length + GROWTH_MAXIMUM_BYTES }
  if (data.length < LARGE_BYTES) return deflateSync(data, options)
  return new Promise((resolve, reject) => {
    deflate(data, options, (error, bytes) => (error ? reject(error) : resolve(bytes)))
  })
}
