import { execFileSync } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { environment, needTools } from './tools.ts'

const DOTS_PER_INCH = '100'

/** What the QR codes of a printed document say, page by page, seen as a camera sees them. */
export function qrTexts(pdf: Uint8Array): string[] {
  needTools('pdftoppm', 'zbarimg')
  const folder = mkdtempSync(join(tmpdir(), 'w24-read-'))
  try {
    writeFileSync(join(folder, 'in.pdf'), pdf)
    const options = { env: environment(), cwd: folder, encoding: 'utf8' as const }
    execFileSync('pdftoppm', ['-png', '-r', DOTS_PER_INCH, 'in.pdf', 'page'], options)
    const pages = readdirSync(folder).filter((name) => name.endsWith('.png'))
    return pages.sort().map((page) => execFileSync('zbarimg', ['-q', '--raw', page], options).trim())
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
