/** Files that are whole or not there, whenever the power goes. */
import { closeSync, fsyncSync, openSync, renameSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'

/**
 * Replaces a file in one step: written beside it, synced, renamed over it, the folder synced.
 * @throws the system's error (ENOSPC, EACCES…); the old file is then still the whole old one
 */
export function replaceFile(path: string, content: string, mode: number): void {
  const beside = `${path}.new`
  const file = openSync(beside, 'w', mode)
  try {
    writeFileSync(file, content)
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
  renameSync(beside, path)
  const folder = openSync(dirname(path), 'r')
  try {
    fsyncSync(folder)
  } finally {
    closeSync(folder)
  }
}
