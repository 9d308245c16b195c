import { constants } from 'node:fs'
import { access, open, readdir, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { uuidv7 } from 'uuidv7'

/** A folder that takes printed pages: each file appears whole, under a name that tells nothing of its owner. */

export type FolderResult = { ok: true } | { ok: false; detail: string }

/** Only the owner may read what was printed for somebody. */
const FILE_MODE = 0o600
const PART_PATTERN = /^\.page-.*\.part$/

/** Whether files can be put into the folder. */
export async function checkFolder(path: string): Promise<FolderResult> {
  try {
    if (!(await stat(path)).isDirectory()) return { ok: false, detail: `${path} is no folder` }
    await access(path, constants.W_OK | constants.X_OK)
    return { ok: true }
  } catch (error) {
    return { ok: false, detail: `${path}: ${codeOf(error)}` }
  }
}

/** Removes what a pulled plug left half written: it is somebody's paper and nobody will come for it. */
export async function removeParts(path: string): Promise<FolderResult> {
  try {
    for (const name of await readdir(path)) {
      if (PART_PATTERN.test(name)) await rm(join(path, name), { force: true })
    }
    return { ok: true }
  } catch (error) {
    return { ok: false, detail: `${path}: ${codeOf(error)}` }
  }
}

/** Writes one page file; once this says ok, it survives a power cut. Nothing half written is left otherwise. */
export async function writePage(path: string, pdf: Uint8Array): Promise<FolderResult> {
  const name = `page-${uuidv7()}.pdf`
  const part = join(path, `.${name}.part`)
  try {
    const file = await open(part, 'wx', FILE_MODE)
    try {
      await file.writeFile(pdf)
      await file.sync()
    } finally {
      await file.close()
    }
    await rename(part, join(path, name))
    await syncFolder(path)
    return { ok: true }
  } catch (error) {
    await rm(part, { force: true }).catch(() => {})
    return { ok: false, detail: `${path}: ${codeOf(error)}` }
  }
}

/** Without this the new name may be gone after a power cut, although the bytes are there. */
async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r')
  try {
    await folder.sync()
  } finally {
    await folder.close()
  }
}

/** ENOENT, EACCES, ENOSPC…: what the technician looks up, without the path that the message repeats. */
function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : String(error)
}
