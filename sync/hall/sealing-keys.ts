/**
 * The hall's sealing keys, in a file of their own (mode 0600), wherever it lies: `sealing-keys.json` in the data
 * folder, or where `--sealing-keys` says. Who has this file can read every rater's name, so it may be kept apart from
 * the records and from their backups. Several instances of one hall share it.
 */
import { createPrivateKey, createPublicKey } from 'node:crypto'
import { closeSync, openSync, readFileSync, rmSync, statSync } from 'node:fs'
import { userInfo } from 'node:os'
import { z } from 'zod'
import { replaceFile } from '../durable-file.ts'
import { formatInstant, Instant } from '../protocol/identifiers.ts'
import {
  createSealingKeyPair,
  publicSealingKey,
  type SealingKey,
  SealingKeyPair,
  thumbprint,
} from '../protocol/keys.ts'
import { HallError } from './fault.ts'

export const SEALING_KEYS_FILE = 'sealing-keys.json'
const OWNER_ONLY_MODE = 0o600
const FORBIDDEN: readonly unknown[] = ['EACCES', 'EPERM', 'EROFS']

/** `createdAt`: unknown for keys of the first version. */
const KeptKey = SealingKeyPair.extend({ createdAt: Instant.optional() }).refine(
  isPair,
  'its halves do not match',
)
type KeptKey = z.infer<typeof KeptKey>

/** The last one seals; the others still open what was sealed before. */
const KeyFile = z.strictObject({ keys: z.array(KeptKey).min(1) })

export interface SealingKeys {
  all: readonly SealingKeyPair[]
  current: SealingKey
}

export interface SealingKeyFacts {
  kid: string
  createdAt: string | null
  current: boolean
}

/**
 * Reads the keys, or makes the first one of a hall.
 * @param hallIsNew nothing was ever sealed for this hall: only then may there be no file
 * @throws HallError `sealing-keys-forbidden`, or `sealing-keys-damaged`: what was sealed for a lost key stays closed for ever, so a damaged or
 * missing file is for a person to restore and never replaced
 */
export function loadSealingKeys(path: string, hallIsNew: boolean, now: Date): SealingKeys {
  if (hallIsNew && readIfThere(path) === null) write(path, [newKey(now)])
  const keys = read(path)
  return { all: keys.map((key) => SealingKeyPair.parse(key)), current: publicSealingKey(last(keys)) }
}

/** Which keys there are, oldest first; nothing of their private halves. @throws HallError `sealing-keys-damaged` */
export function listSealingKeys(path: string): SealingKeyFacts[] {
  const keys = read(path)
  const { kid: current } = last(keys)
  return keys.map(({ kid, createdAt }) => ({ kid, createdAt: createdAt ?? null, current: kid === current }))
}

/**
 * Adds a new key, which seals from now on; the old ones still open. A server that runs notices by itself.
 * @returns the new key's kid
 * The file stays its owner's and its group's, whoever rotates: the server reads it as another user than root.
 * @throws HallError `sealing-keys-damaged`, `-forbidden`, `-unwritable`, or `-busy` while another rotation is under way
 */
export function rotateSealingKeys(path: string, now: Date): string {
  const lock = `${path}.lock`
  lockFile(lock)
  try {
    const key = newKey(now)
    write(path, [...read(path), key])
    return key.kid
  } finally {
    rmSync(lock, { force: true })
  }
}

/** Two rotations at once would each write a file without the other's key, after a device may have sealed for it. */
function lockFile(lock: string): void {
  try {
    closeSync(openSync(lock, 'wx', OWNER_ONLY_MODE))
  } catch (cause) {
    if (codeOf(cause) !== 'EEXIST') throw inWords(cause, lock, 'written')
    const message = `${lock} is there: another rotation is under way, or one was cut off; then remove that file and rotate again`
    throw new HallError('sealing-keys-busy', message, { cause })
  }
}

function newKey(now: Date): KeptKey {
  return { ...createSealingKeyPair(), createdAt: formatInstant(now) }
}

function write(path: string, keys: readonly KeptKey[]): void {
  try {
    const { uid, gid } = statSync(path, { throwIfNoEntry: false }) ?? {}
    const owner = uid === undefined || gid === undefined ? undefined : { uid, gid }
    replaceFile(path, `${JSON.stringify({ keys }, null, 2)}\n`, OWNER_ONLY_MODE, owner)
  } catch (cause) {
    throw inWords(cause, path, 'written')
  }
}

/** What a system error means to whoever runs a hall; anything else as it is. */
function inWords(cause: unknown, path: string, what: 'read' | 'written'): unknown {
  const code = codeOf(cause)
  if (typeof code !== 'string') return cause
  if (FORBIDDEN.includes(code)) {
    const message = `${path} cannot be ${what} by the user ${userName()} (${code}): give the file and its folder to the user that the server runs as, or run this as root`
    return new HallError('sealing-keys-forbidden', message, { cause })
  }
  const message = `${path} cannot be ${what} (${code}): nothing was changed; look at the disk`
  return new HallError('sealing-keys-unwritable', message, { cause })
}

function userName(): string {
  try {
    return userInfo().username
  } catch {
    // A number without a name, as in a container.
    return String(process.getuid?.() ?? '')
  }
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : null
}

/** @throws HallError `sealing-keys-damaged` */
function read(path: string): [KeptKey, ...KeptKey[]] {
  const text = readIfThere(path)
  if (text === null) {
    const lost = 'without it nothing that the devices of this hall have sealed can be opened'
    throw new HallError('sealing-keys-damaged', `${path} is missing: restore it from a backup; ${lost}`)
  }
  const [first, ...others] = parse(text) ?? []
  if (first === undefined)
    throw new HallError('sealing-keys-damaged', `${path} is damaged: restore it from a backup`)
  return [first, ...others]
}

function last(keys: readonly [KeptKey, ...KeptKey[]]): KeptKey {
  return keys.at(-1) ?? keys[0]
}

function readIfThere(path: string): string | null {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return null
    throw inWords(error, path, 'read')
  }
}

function parse(text: string): KeptKey[] | null {
  try {
    return KeyFile.parse(JSON.parse(text)).keys
  } catch {
    return null
  }
}

/** A flipped bit in a key is found at the start, and not when a name is to be read years later. */
function isPair({ kty, crv, x, d, kid }: SealingKeyPair): boolean {
  try {
    const half = createPrivateKey({ key: { kty, crv, x, d }, format: 'jwk' })
    const { x: belonging } = createPublicKey(half).export({ format: 'jwk' })
    return belonging === x && kid === thumbprint({ kty, crv, x })
  } catch {
    return false
  }
}
