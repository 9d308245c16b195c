/** Reads what came out of a printer as whoever holds it does: a phone on the codes, eyes on the words. */
import { execFile, execFileSync } from 'node:child_process'
import { promisify } from 'node:util'

/** The codes that a phone would find on a picture of a paper, as `QR-Code:…`, in the order of the alphabet. */
export function codesOn(png: Uint8Array): string[] {
  const found = execFileSync('zbarimg', ['--quiet', '-'], { input: png, encoding: 'utf8' })
  return found.trim().split('\n').sort()
}

/** The words of a PDF, laid out as they stand on its pages. */
export function textOf(pdf: Uint8Array): string {
  return execFileSync('pdftotext', ['-layout', '-', '-'], { input: pdf, encoding: 'utf8' })
}

/** How many sheets a PDF is. */
export async function pagesOf(pdf: Uint8Array): Promise<number> {
  const asked = promisify(execFile)('pdfinfo', ['-'])
  asked.child.stdin?.end(pdf)
  return Number(/^Pages:\s+(\d+)$/m.exec((await asked).stdout)?.[1])
}
