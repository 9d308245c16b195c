/** The bench of a running device: its own peripherals, lent for the test. */
import { type Documents, startDocuments } from '../../documents/documents.ts'
import type { Insight } from '../../insight.ts'
import { SOFTWARE } from '../../software.ts'
import type { Bench } from './bench.ts'

export interface OpenBench {
  bench: Bench
  close(): Promise<void>
}

export const benchOf = (device: Insight, isSomebodys: () => boolean): OpenBench => {
  const { configuration, peripherals } = device
  const { idReader, scanner, receiptPrinter, pagePrinter, keypad } = peripherals
  const papers = testPapers(() => Promise.resolve(device.documents))
  return {
    bench: {
      ...{ idReader, scanner, receiptPrinter, pagePrinter, keypad },
      readsCards: configuration.role === 'terminal',
      deviceName: configuration.device.name,
      testPage: (code) => papers.page(configuration.device.name, code),
      isSomebodys,
    },
    close: papers.close,
  }
}

/** What sets the test page: the device's own, or a thread of its own where there is none. */
export const testPapers = (own: () => Promise<Documents | null>) => {
  let started: Promise<Documents> | null = null
  const ownThread = (): Promise<Documents> => {
    started ??= startDocuments()
    return started
  }
  return {
    async page(deviceName: string, code: string): Promise<Uint8Array> {
      const documents = (await own()) ?? (await ownThread())
      const made = await documents.testPdf({
        test: { deviceName, software: SOFTWARE, code },
        printedAt: new Date(),
      })
      return made.pdf
    },
    close: async (): Promise<void> => {
      await (await started?.catch(() => null))?.close()
    },
  }
}
