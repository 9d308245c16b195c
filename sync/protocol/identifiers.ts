/** The small shared shapes of the protocol: ids, instants, hashes, sequences (PROTOCOLS.md §1.2). */
import { z } from 'zod'

/** As the hall gave it at enrolment; it stands in paths, so nothing in it ever needs escaping. */
export const DeviceId = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9-]{0,63}$/)

/** A code for machines: of a problem, a fault, a reason. Never words, never anything of a person. */
export const Code = z.string().regex(/^[a-z0-9-]{1,64}$/)

/** An instant with its offset, RFC 3339. */
export const Instant = z.iso.datetime({ offset: true })

/** SHA-256 as base64url without padding. */
export const Hash = z.string().regex(/^[A-Za-z0-9_-]{43}$/)

/** What the very first event of a device names as the hash before it. */
export const FIRST_PREVHASH = 'A'.repeat(43)

/** 20 digits hold any 64-bit counter, and texts of one length sort as their numbers do. */
export const SEQUENCE_DIGITS = 20

/** A position in a chain as 20 digits. 0 stands for "nothing yet" where an answer has to say so. */
export const SequenceText = z
  .string()
  .regex(/^\d{20}$/)
  .refine((text) => Number.isSafeInteger(Number(text)), 'larger than any chain can be')

/** @throws RangeError when `sequence` is no whole number from 0 up. */
export function formatSequence(sequence: number): string {
  if (!Number.isSafeInteger(sequence) || sequence < 0)
    throw new RangeError(`no sequence of a chain: ${sequence}`)
  return String(sequence).padStart(SEQUENCE_DIGITS, '0')
}

/** The number of a text that `SequenceText` has accepted. */
export function parseSequence(text: string): number {
  return Number(text)
}

/** The last event of a chain, as far as whoever says it knows. */
export const Head = z.strictObject({ epoch: z.int().min(1), sequence: SequenceText, hash: Hash })
export type Head = z.infer<typeof Head>

const pad = (value: number, digits: number): string => String(value).padStart(digits, '0')

/** RFC 3339 with milliseconds and the local offset of this machine: 2026-11-21T20:14:05.123+08:00 */
export function formatInstant(at: Date): string {
  const offset = -at.getTimezoneOffset()
  const local = new Date(at.getTime() + offset * 60_000).toISOString().slice(0, -1)
  const away = Math.abs(offset)
  return `${local}${offset < 0 ? '-' : '+'}${pad(Math.floor(away / 60), 2)}:${pad(away % 60, 2)}`
}
