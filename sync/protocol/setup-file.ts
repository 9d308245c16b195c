/**
 * The configuration of a device as one file to take along (`.w24setup`): a compact JWE (RFC 7516) on the first line and
 * the SHA-256 of that line, in hex, on the second. What was cut or flipped on the way shows there, so that a wrong
 * passphrase can be told from a broken file.
 *
 * It is sealed in any case, since a configuration holds the tokens of other systems: to a passphrase (PBES2, RFC 7518
 * §4.8), or for the hall by its sealing key (ECDH-ES, X25519), who seals it anew to a passphrase for a device.
 */
import { createHash } from 'node:crypto'
import { CompactEncrypt, compactDecrypt, decodeProtectedHeader, errors, importJWK } from 'jose'
import { z } from 'zod'
import { Instant } from './identifiers.ts'
import type { SealingKey, SealingKeyPair } from './keys.ts'

export const SETUP_FILE_SUFFIX = '.w24setup'
/** A configuration is a few KiB; one with authorities in it some dozens. */
export const MAX_SETUP_FILE_BYTES = 1024 * 1024
/** Typed on a screen's keyboard, and guessed at leisure by whoever finds the stick. */
export const PASSPHRASE_CHARACTERS_AT_LEAST = 8
export const PASSPHRASE_CHARACTERS_AT_MOST = 128

const TYP = 'w24-setup'
const BY_PASSPHRASE = 'PBES2-HS512+A256KW'
const FOR_HALL = 'ECDH-ES'
const ENC = 'A256GCM'
/** What OWASP asks of PBKDF2-HMAC-SHA512: a quarter of a second on a terminal's processor. */
const ROUNDS = 210_000
/** A file that asks for more would only hold a processor up. */
const ROUNDS_AT_MOST = 1_000_000
/** Raised whenever an older software would misread what a newer one writes. */
const FORMAT = 1

const Payload = z.strictObject({
  role: z.enum(['terminal', 'pad']),
  /** The name of the device that it was made on. */
  from: z.string().min(1).max(60),
  at: Instant,
  software: z.string().min(1).max(64),
  /** As device.json has it, without what belongs to one machine. Whoever takes it checks it. */
  configuration: z.record(z.string(), z.unknown()),
  /** Where its USB ports are plugged in there, by the name of what is bound to them: another machine of that make has them there. */
  sockets: z.record(z.string().max(32), z.string().max(500)),
})
export type SetupPayload = z.infer<typeof Payload>

export type SetupKey = { passphrase: string } | { hall: readonly SealingKeyPair[] }
export type SetupLock = { passphrase: string } | { hall: SealingKey }

export type SetupFileFault =
  | 'no-setup-file' // not written by this software
  | 'cut-in-half'
  | 'altered'
  | 'newer' // made by a newer software: this one has to be updated first
  | 'for-the-hall' // sealed for the hall: it is opened there
  | 'for-another-hall'
  | 'by-passphrase' // the hall's keys do not open it
  | 'wrong-passphrase'

export type OpenedSetup = { ok: true; payload: SetupPayload } | { ok: false; code: SetupFileFault }

/** As long as a passphrase has to be and no longer. */
export const isPassphrase = (text: string): boolean => {
  const { length } = [...text.normalize('NFC')]
  return length >= PASSPHRASE_CHARACTERS_AT_LEAST && length <= PASSPHRASE_CHARACTERS_AT_MOST
}

/** @returns the text of the file */
export async function sealSetup(payload: SetupPayload, lock: SetupLock): Promise<string> {
  const text = new TextEncoder().encode(JSON.stringify(Payload.parse(payload)))
  const jwe =
    'hall' in lock
      ? await new CompactEncrypt(text)
          .setProtectedHeader({ alg: FOR_HALL, enc: ENC, kid: lock.hall.kid, typ: TYP, format: FORMAT })
          .encrypt(await importJWK(lock.hall, FOR_HALL))
      : await new CompactEncrypt(text)
          .setProtectedHeader({ alg: BY_PASSPHRASE, enc: ENC, typ: TYP, format: FORMAT })
          .setKeyManagementParameters({ p2c: ROUNDS })
          .encrypt(secretOf(lock.passphrase))
  return `${jwe}\n${digestOf(jwe)}\n`
}

/** Faults say nothing of what is inside. */
export async function openSetup(file: string, key: SetupKey): Promise<OpenedSetup> {
  const refuse = (code: SetupFileFault): OpenedSetup => ({ ok: false, code })
  const read = readSealed(file)
  if (!read.ok) return refuse(read.code)
  const { jwe, header } = read
  if (header.alg === FOR_HALL && !('hall' in key)) return refuse('for-the-hall')
  if (header.alg === BY_PASSPHRASE && !('passphrase' in key)) return refuse('by-passphrase')
  const opener = 'hall' in key ? key.hall.find(({ kid }) => kid === header.kid) : secretOf(key.passphrase)
  if (opener === undefined) return refuse('for-another-hall')
  const plain = await decrypt(jwe, opener)
  if (plain === null) return refuse('passphrase' in key ? 'wrong-passphrase' : 'altered')
  const payload = payloadIn(plain)
  return payload === null ? refuse('no-setup-file') : { ok: true, payload }
}

/** For whom it is sealed, before anybody is asked for a passphrase. */
export function setupFileKind(
  file: string,
): { ok: true; by: 'passphrase' | 'hall' } | { ok: false; code: SetupFileFault } {
  const read = readSealed(file)
  return read.ok ? { ok: true, by: read.header.alg === FOR_HALL ? 'hall' : 'passphrase' } : read
}

const Header = z.looseObject({
  alg: z.enum([BY_PASSPHRASE, FOR_HALL]),
  enc: z.literal(ENC),
  typ: z.literal(TYP),
  kid: z.string().optional(),
  format: z.int().min(1),
})
/** What any later format still has. */
const AnyHeader = z.looseObject({ typ: z.literal(TYP), format: z.int().min(1) })

const WHOLE_LINE = /^[A-Za-z0-9_-]*(\.[A-Za-z0-9_-]*){0,4}$/
const DIGEST_CHARACTERS = 64

type Sealed =
  | { ok: true; jwe: string; header: z.infer<typeof Header> }
  | { ok: false; code: 'no-setup-file' | 'cut-in-half' | 'altered' | 'newer' }

function readSealed(file: string): Sealed {
  // Line ends of another system, put in by a mail program, are no harm.
  const [jwe = '', digest = '', ...more] = file.replaceAll('\r', '').split('\n')
  if (jwe === '') return { ok: false, code: file === '' ? 'cut-in-half' : 'no-setup-file' }
  if (!WHOLE_LINE.test(jwe) || more.some((line) => line !== '')) return { ok: false, code: 'no-setup-file' }
  if (digest.length < DIGEST_CHARACTERS) return { ok: false, code: 'cut-in-half' }
  if (digest !== digestOf(jwe)) return { ok: false, code: 'altered' }
  const header = headerOf(jwe)
  const known = AnyHeader.safeParse(header).data
  if (known === undefined) return { ok: false, code: 'no-setup-file' }
  if (known.format > FORMAT) return { ok: false, code: 'newer' }
  const read = Header.safeParse(header).data
  return read === undefined ? { ok: false, code: 'no-setup-file' } : { ok: true, jwe, header: read }
}

function headerOf(jwe: string): unknown {
  try {
    return decodeProtectedHeader(jwe)
  } catch {
    return null
  }
}

/** However it was typed, the same letters are the same passphrase. */
const secretOf = (passphrase: string): Uint8Array => new TextEncoder().encode(passphrase.normalize('NFC'))

const digestOf = (jwe: string): string => createHash('sha256').update(jwe).digest('hex')

async function decrypt(jwe: string, key: Uint8Array | SealingKeyPair): Promise<Uint8Array | null> {
  try {
    const options = {
      keyManagementAlgorithms: [key instanceof Uint8Array ? BY_PASSPHRASE : FOR_HALL],
      contentEncryptionAlgorithms: [ENC],
      maxPBES2Count: ROUNDS_AT_MOST,
    }
    const opener = key instanceof Uint8Array ? key : await importJWK(key, FOR_HALL)
    return (await compactDecrypt(jwe, opener, options)).plaintext
  } catch (error) {
    if (error instanceof errors.JOSEError) return null
    throw error
  }
}

function payloadIn(plain: Uint8Array): SetupPayload | null {
  try {
    return Payload.safeParse(JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(plain))).data ?? null
  } catch {
    return null
  }
}
