import { accessSync, constants, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'

export interface DemoFolder {
  path: string
  /** One line when the wanted folder could not be used. */
  trouble: string | null
  /** Takes away what would only lie about: a folder that stood in for the wanted one. */
  leave(): void
}

/** The wanted folder, or one under the system's temporary folder when that cannot be written. */
export function openFolder(wanted: string): DemoFolder {
  const path = resolve(wanted)
  try {
    mkdirSync(path, { recursive: true, mode: 0o700 })
    accessSync(path, constants.R_OK | constants.W_OK | constants.X_OK)
    return { path, trouble: null, leave: () => {} }
  } catch (error) {
    const standIn = mkdtempSync(join(tmpdir(), 'window24-demo-'))
    const reason = (error as NodeJS.ErrnoException).code ?? 'unknown'
    return {
      path: standIn,
      trouble: `文件夹不可写 · cannot write ${path} (${reason}): this run keeps its data in ${standIn} and removes it at the end`,
      leave: () => rmSync(standIn, { recursive: true, force: true }),
    }
  }
}
