import { describe, expect, it } from 'vitest'
import type { StickTrouble } from '../../../device/technician/stick-files.ts'
import type { SetupFileFault } from '../../../sync/protocol/setup-file.ts'
import { ownWords, placesWords, placeWords } from '../../../ui/setup/configuration/own-words.ts'
import { setupWords } from '../../../ui/setup/words/words.ts'

/** What the device can answer an export or an import with, but for what only another hall's keys would meet. */
const CODES: Record<StickTrouble | Exclude<SetupFileFault, 'for-another-hall' | 'by-passphrase'>, true> = {
  'stick-gone': true,
  'stick-full': true,
  'stick-read-only': true,
  'stick-forbidden': true,
  'stick-not-mounted': true,
  'file-gone': true,
  'file-too-large': true,
  'no-setup-file': true,
  'cut-in-half': true,
  altered: true,
  newer: true,
  'for-the-hall': true,
  'wrong-passphrase': true,
}

describe.each(['zh', 'en'] as const)('the page of the configuration in %s', (language) => {
  const [own, words] = [ownWords[language], setupWords[language]]

  it('has words of its own for every way in which a stick or a file can fail', () => {
    for (const code of Object.keys(CODES)) expect(own.failed[code], code).toMatch(/[.。]$/)
    expect(Object.keys(own.failed).sort()).toEqual(Object.keys(ownWords.zh.failed).sort())
    expect(Object.keys(own.why).sort()).toEqual(Object.keys(ownWords.zh.why).sort())
    expect(Object.keys(own.faults).sort()).toEqual(Object.keys(ownWords.zh.faults).sort())
    expect(Object.keys(own.places).sort()).toEqual(Object.keys(ownWords.zh.places).sort())
  })

  it('calls places by their names, and says each once', () => {
    expect(placeWords('peripherals.scanner', own, words)).toBe(words.peripherals.scanner)
    expect(placeWords('peripherals.scanner.port', own, words)).toContain(own.parts.port)
    expect(placeWords('window.tokens[0].token', own, words)).toBe(own.places['window.tokens'])
    expect(placeWords('storage.quotaMiB', own, words)).toBe(own.places.storage)
    expect(placeWords('scren', own, words)).toBe('scren')
    expect(placesWords(['window.tokens[0].token', 'window.tokens[1]', 'role'], own, words)).toBe(
      `${own.places['window.tokens']}${own.and}${own.places.role}`,
    )
  })
})
