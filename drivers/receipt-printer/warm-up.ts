import { warnOfDefect } from '../listeners.ts'
import { learnCharacters } from './characters.ts'
import type { ReceiptDocument } from './document.ts'
import { encodeInTurns, inTurns } from './encode-in-turns.ts'
import type { ReceiptPrinterProfile } from './profile.ts'
import { preloadRasterFont } from './raster-font.ts'

/** Everything that is slow the first time, in a receipt of a usual length. */
const SAMPLE: ReceiptDocument = {
  elements: [
    { kind: 'text', text: '受理回执', align: 'centre', size: 'double' },
    { kind: 'text', text: '䶮 𬭎', bold: true },
    ...Array.from({ length: 40 }, (_, index) => {
      return { kind: 'text', text: `${index + 1}. 请于五个工作日内补齐下列材料，逾期视为撤回申请` } as const
    }),
    { kind: 'columns', columns: ['事项', '原件 1'].map((text) => ({ text, share: 0.5 })) },
    { kind: 'rule' },
    { kind: 'barcode', value: '0024' },
    { kind: 'qr', value: 'https://hall.example/r/0024' },
    { kind: 'cut' },
  ],
}
/** After so many the compiler has seen enough of it. */
const SAMPLES = 16

/**
 * The first document of a process costs dozens of times as much as the others, so it is one that nobody waits for,
 * in turns that nobody notices. Never rejects.
 */
export async function warmUp(profile: ReceiptPrinterProfile): Promise<void> {
  try {
    await preloadRasterFont()
    await inTurns(learnCharacters())
    for (let sample = 0; sample < SAMPLES; sample += 1) await encodeInTurns(SAMPLE, profile)
    // The samples have used up a font.
    await preloadRasterFont()
  } catch (error) {
    warnOfDefect('the receipt font could not be read', error)
  }
}
