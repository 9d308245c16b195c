/** What a browser has to fetch before the terminal's first page stands, compressed as a web server would send it. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'

const dist = join(import.meta.dirname, '../../ui/dist')
/** Scripts, what they import at once, and styles: all of it stands in the page's head. */
const ADDRESS = /(?:src|href)="(\/assets\/[^"]+\.(?:js|css))"/g

export interface Weight {
  bytes: number
  files: { file: string; bytes: number }[]
}

export function firstPageWeight(): Weight {
  const page = readFileSync(join(dist, 'terminal/index.html'), 'utf8')
  const files = [...page.matchAll(ADDRESS)].map(([, address = '']) => ({
    file: address,
    bytes: gzipSync(readFileSync(join(dist, address)), { level: 9 }).length,
  }))
  return { bytes: files.reduce((sum, one) => sum + one.bytes, 0), files }
}
