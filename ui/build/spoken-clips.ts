import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Plugin } from 'vite'
import { clipsIn, makeClips } from './make-clips.ts'

const MODULE = 'window24:clips'
const RESOLVED = `\0${MODULE}`
const HASH_CHARACTERS = 12

/** Where scripts/clips.ts leaves what it made. */
export const clipsFolder = (root: string): string => join(root, '../node_modules/.cache/window24-clips')

/**
 * Gives the pages `window24:clips`: the address of a list of all clips, or null where there are none. Missing ones
 * are made where espeak-ng is installed; without it the pages are built without a voice.
 */
export function spokenClips(root: string, { folder = clipsFolder(root), make = true } = {}): Plugin {
  return {
    name: 'window24-spoken-clips',
    resolveId(id) {
      return id === MODULE ? RESOLVED : null
    },
    load(id) {
      if (id !== RESOLVED) return null
      try {
        if (make) makeClips(folder)
      } catch (error) {
        this.warn(`clips: ${error instanceof Error ? error.message : error}`)
      }
      const list: Record<string, string> = {}
      for (const { name, file } of clipsIn(folder)) {
        const source = readFileSync(join(folder, file))
        const fileName = `assets/clips/${hashed(file.replace(/\.[0-9a-f]+(\.\w+)$/, '$1'), source)}`
        this.emitFile({ type: 'asset', fileName, source })
        list[name] = `/${fileName}`
      }
      if (Object.keys(list).length === 0) return 'export default null'
      const source = JSON.stringify(list)
      const fileName = `assets/clips/${hashed('clips.json', source)}`
      this.emitFile({ type: 'asset', fileName, source })
      return `export default ${JSON.stringify(`/${fileName}`)}`
    },
  }
}

/** Names under assets/ change with their content. */
function hashed(file: string, source: Buffer | string): string {
  const hash = createHash('sha256').update(source).digest('hex').slice(0, HASH_CHARACTERS)
  return file.replace(/(\.\w+)$/, `.${hash}$1`)
}
