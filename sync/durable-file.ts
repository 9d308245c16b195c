/** Files that are whole or not there, whenever the power goes. */
import {
  closeSync,
  fchmodSync,
  fchownSync,
  fsyncSync,
  openSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { dirname } from 'node:path'

export interface FileOwner {
  uid: number
  gid: number
}

/**
 * Replaces a file in one step: written beside it, synced, renamed over it, the folder synced.
 * @param owner whose the new file is to be, when not this process's own
 * @throws the system's error (ENOSPC, EACCES…, EPERM for another's file); the old file is then still the whole old one
 */
export function replaceFile(path: string, content: string, mode: number, owner?: FileOwner): void {
  const beside = `${path}.new`
  try {
    const file = openSync(beside, 'w', mode)
    try {
      // Before anything is in it: the file beside may be left from another user, with other rights.
      fchmodSync(file, mode)
      if (owner !== undefined) fchownSync(file, owner.uid, owner.gid)
      writeFileSync(file, content)
      fsyncSync(file)
    } finally {
      closeSync(file)
    }
  } catch (error) {
    // Half a file would hold on to the last blocks of a full disk; another try begins anew anyway.
    removeQuietly(beside)
    throw error
  }
  renameSync(beside, path)
  syncFolderOf(path)
}

/** Makes what was created, renamed or removed beside `path` outlast a cut of power. */
export function syncFolderOf(path: string): void {
  const folder = openSync(dirname(path), 'r')
  try {
    fsyncSync(folder)
  } finally {
    closeSync(folder)
  }
}

/** The first error is the one to tell. */
export function removeQuietly(path: string): void {
  try {
    rmSync(path, { force: true })
  } catch {
    // On a disk that is read-only by now it stays, as it would have.
  }
}
