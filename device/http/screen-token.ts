import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { replaceFile } from '../../sync/durable-file.ts'

const FILE_NAME = 'screen-token'
/** Whoever has the token is the screen. */
const FILE_MODE = 0o600
const TOKEN_BYTES = 32
/** `TOKEN_BYTES` as base64url. */
const TOKEN = /^[A-Za-z0-9_-]{43}$/

/**
 * The secret that the screen's browser keeps as its cookie: made once, so that a browser or a device that starts
 * again, as after a cut of the power at night, carries on without a technician. A file that holds none is replaced.
 * @throws the system's error when the file cannot be read or written
 */
export const loadScreenToken = (dataDir: string): string => {
  const path = join(dataDir, FILE_NAME)
  const kept = readIfThere(path)?.trim() ?? ''
  if (TOKEN.test(kept)) return kept
  const token = randomBytes(TOKEN_BYTES).toString('base64url')
  replaceFile(path, `${token}\n`, FILE_MODE)
  return token
}

const readIfThere = (path: string): string | null => {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null
    throw error
  }
}
