/** What a PDF says, by Poppler; pages end with a form feed. */
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

const run = promisify(execFile)

export async function pdfText(pdf: Uint8Array): Promise<string> {
  const reading = run('pdftotext', ['-', '-'], { encoding: 'utf8' })
  reading.child.stdin?.end(pdf)
  return (await reading).stdout
}
