/**
 * What this hall signs its files for technicians with (protocol/technician-reset.ts): `technician-key.json` beside the
 * sealing keys, mode 0600, made when it is asked for first. Devices learn its public half with the answer to each status.
 */
import { createPrivateKey, generateKeyPairSync, type KeyObject } from 'node:crypto'
import { linkSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { z } from 'zod'
import { removeQuietly, replaceFile, syncFolderOf } from '../durable-file.ts'
import { publicKeyOf, SigningKey } from '../protocol/keys.ts'
import { HallError } from './fault.ts'

const FILE_NAME = 'technician-key.json'
const OWNER_ONLY_MODE = 0o600

const KeyFile = z.strictObject({ key: z.strictObject({ ...SigningKey.shape, d: SigningKey.shape.x }) })

export interface TechnicianKey {
  publicKey: SigningKey
  privateKey: KeyObject
}

/** @throws HallError `technician-key-damaged` or `technician-key-unusable` */
export function loadTechnicianKey(sealingKeysFile: string): TechnicianKey {
  const path = join(dirname(sealingKeysFile), FILE_NAME)
  try {
    return parse(path, readIfThere(path) ?? make(path))
  } catch (cause) {
    if (cause instanceof HallError) throw cause
    if (!(cause instanceof Error && 'code' in cause)) throw cause
    const message = `${path} cannot be read or written (${String(cause.code)}): give the folder to the user that the server runs as`
    throw new HallError('technician-key-unusable', message, { cause })
  }
}

/** Two that make one at once end with the same: the first to give it its name. */
function make(path: string): string {
  const jwk = generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' })
  const key = { kty: jwk.kty, crv: jwk.crv, x: jwk.x, d: jwk.d }
  const own = `${path}.${process.pid}`
  try {
    replaceFile(own, `${JSON.stringify({ key }, null, 2)}\n`, OWNER_ONLY_MODE)
    linkSync(own, path)
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error
  } finally {
    removeQuietly(own)
  }
  syncFolderOf(path)
  return readFileSync(path, 'utf8')
}

function parse(path: string, text: string): TechnicianKey {
  try {
    const { key } = KeyFile.parse(JSON.parse(text))
    const privateKey = createPrivateKey({ key, format: 'jwk' })
    const publicKey = publicKeyOf(privateKey)
    if (publicKey.x === key.x) return { publicKey, privateKey }
  } catch {
    // Told below; no cause, for a parser's words may quote the key.
  }
  const message = `${path} is damaged: restore it from a backup, or remove it and start the server again for a new one`
  throw new HallError('technician-key-damaged', message)
}

function readIfThere(path: string): string | null {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null
    throw error
  }
}
