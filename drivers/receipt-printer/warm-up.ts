import { setImmediate as nextTurn } from 'node:timers/promises'
import { warnOfDefect } from '../listeners.ts'
import type { ReceiptDocument, ReceiptElement } from './document.ts'
import { encodeDocument } from './encode-document.ts'
import type { ReceiptPrinterProfile } from './profile.ts'
import { preloadRasterFont } from './raster-font.ts'

/** One of each thing that is slow the first time: a drawn character, the tables of GB18030, bars and a QR code. */
const SAMPLES: readonly ReceiptElement[] = [
  { kind: 'text', text: '夜窗 䶮' },
  { kind: 'text', text: '夜窗', align: 'centre', size: 'double' },
  { kind: 'barcode', value: '0024' },
  { kind: 'qr', value: '0024' },
]

/**
 * The first document of a process costs dozens of times as much as the others, so it is one that nobody waits for.
 * A turn of the event loop lies between its parts. Never rejects.
 */
export async function warmUp(profile: ReceiptPrinterProfile): Promise<void> {
  try {
    await preloadRasterFont()
    for (const sample of SAMPLES) {
      await nextTurn()
      const document: ReceiptDocument = { elements: [sample] }
      encodeDocument(document, profile)
    }
  } catch (error) {
    warnOfDefect('the receipt font could not be read', error)
  }
}
