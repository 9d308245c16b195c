/** Who this device is: identity.json, beside the store (PROTOCOLS.md §1.1). */
import { createPrivateKey, generateKeyPairSync, type KeyObject } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { replaceFile } from './durable-file.ts'
import { DeviceId, FIRST_PREVHASH, Hash } from './protocol/identifiers.ts'
import { publicKeyOf, SealingKey, SigningKey, signEd25519, thumbprint } from './protocol/keys.ts'
import type { RequestSigner } from './protocol/signature.ts'

const FILE_NAME = 'identity.json'

/** The owner alone: whoever has the key is the device. */
const FILE_MODE = 0o600

const IdentityFile = z.strictObject({
  version: z.literal(1),
  key: z.strictObject({ ...SigningKey.shape, d: z.string().regex(/^[A-Za-z0-9_-]{43}$/) }),
  deviceId: DeviceId.nullable(),
  sealingKey: SealingKey.nullable(),
  /** 0 before the first store. */
  epoch: z.int().min(0),
  /** Of the last event of the chain. */
  hash: Hash,
})
type IdentityFile = z.infer<typeof IdentityFile>

/** A damaged identity.json is never replaced: with it the device would go on as somebody else. */
export class IdentityError extends Error {
  readonly code = 'identity-damaged'

  constructor(message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'IdentityError'
  }
}

/** The last thing a device remembers of its chain outside the store. */
export interface ChainMemory {
  epoch: number
  hash: string
}

/** The private key has no accessor; `sign` is all that can be done with it. */
export class Identity {
  readonly publicKey: SigningKey
  readonly #path: string
  readonly #privateKey: KeyObject
  #file: IdentityFile

  constructor(path: string, file: IdentityFile) {
    this.#path = path
    this.#file = file
    this.#privateKey = createPrivateKey({ key: file.key, format: 'jwk' })
    this.publicKey = publicKeyOf(this.#privateKey)
  }

  /** Null until enrolled. */
  get deviceId(): string | null {
    return this.#file.deviceId
  }

  /** What personal data are sealed for; null until enrolled. */
  get sealingKey(): SealingKey | null {
    return this.#file.sealingKey
  }

  get chain(): ChainMemory {
    return { epoch: this.#file.epoch, hash: this.#file.hash }
  }

  /** RFC 7638: how the device is called before it has an id. */
  get thumbprint(): string {
    return thumbprint(this.publicKey)
  }

  /** Ed25519, 64 bytes. */
  sign(bytes: Uint8Array): Uint8Array {
    return signEd25519(this.#privateKey, bytes)
  }

  /** Signs as the enrolled device, or by thumbprint before. */
  signer(): RequestSigner {
    return { keyId: this.deviceId ?? this.thumbprint, sign: (bytes) => this.sign(bytes) }
  }

  /**
   * @throws Error when the device is enrolled already as another: its chain would change hands
   * @throws the system's error when the file cannot be written
   */
  enrol(deviceId: string, sealingKey: SealingKey): void {
    if (this.deviceId !== null && this.deviceId !== deviceId)
      throw new Error(`this device is ${this.deviceId} already`)
    this.#write({ ...this.#file, deviceId, sealingKey })
  }

  /** @throws the system's error when the file cannot be written */
  setSealingKey(sealingKey: SealingKey): void {
    if (this.#file.sealingKey?.kid !== sealingKey.kid) this.#write({ ...this.#file, sealingKey })
  }

  /** @throws the system's error when the file cannot be written */
  rememberChain(memory: ChainMemory): void {
    if (this.#file.epoch !== memory.epoch || this.#file.hash !== memory.hash)
      this.#write({ ...this.#file, ...memory })
  }

  toJSON(): { deviceId: string | null } {
    return { deviceId: this.deviceId }
  }

  #write(file: IdentityFile): void {
    replaceFile(this.#path, `${JSON.stringify(file, null, 2)}\n`, FILE_MODE)
    this.#file = file
  }
}

/**
 * The identity that lies in `dir`, made there when there is none.
 * @throws IdentityError when the file is there and damaged; the system's error when it cannot be read or written
 */
export function loadIdentity(dir: string): Identity {
  const path = join(dir, FILE_NAME)
  const text = readIfThere(path)
  if (text !== null) return new Identity(path, parse(path, text))
  const key = generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' })
  const file = IdentityFile.parse({
    version: 1,
    key: { kty: key.kty, crv: key.crv, x: key.x, d: key.d },
    deviceId: null,
    sealingKey: null,
    epoch: 0,
    hash: FIRST_PREVHASH,
  })
  replaceFile(path, `${JSON.stringify(file, null, 2)}\n`, FILE_MODE)
  return new Identity(path, file)
}

function readIfThere(path: string): string | null {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null
    throw error
  }
}

const WHAT_TO_DO = 'restore it from a backup, or revoke this device at the hall and enrol it anew'

function parse(path: string, text: string): IdentityFile {
  let file: IdentityFile
  try {
    file = IdentityFile.parse(JSON.parse(text))
  } catch {
    // No cause: a parser's words may quote the key.
    throw new IdentityError(`${path} is damaged: ${WHAT_TO_DO}`)
  }
  const { d: _, ...publicHalf } = file.key
  try {
    const ownHalf = publicKeyOf(createPrivateKey({ key: file.key, format: 'jwk' }))
    if (ownHalf.x === publicHalf.x) return file
  } catch {
    // A key that is no key at all is told as the one below.
  }
  throw new IdentityError(`${path} is damaged, its key does not fit together: ${WHAT_TO_DO}`)
}
