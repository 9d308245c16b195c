import { expect } from 'vitest'
import type { ReceiptDocument } from '../../../drivers/receipt-printer/document.ts'
import { superviseReceiptPrinter } from '../../../drivers/receipt-printer/driver.ts'
import {
  type ReceiptPrinterSimulator,
  startReceiptPrinterSimulator,
} from '../../../drivers/simulators/receipt-printer.ts'
import type { PrintOutcome } from '../../../drivers/status.ts'
import { until } from '../support.ts'
import {
  type Bench,
  NOTHING_BEGUN,
  type Place,
  pause,
  ptyPlace,
  type Settle,
  type Subject,
  type Trouble,
  tcpPlace,
  wireTrouble,
} from './subject.ts'

const PROFILE = 'generic-80'
const RECEIPT: ReceiptDocument = { elements: [{ kind: 'text', text: '受理回执' }, { kind: 'cut' }] }
/** 40 lines take 1.6 s of paper and half a second of a line at 9600 baud. */
const LONG_RECEIPT: ReceiptDocument = {
  elements: [
    ...Array.from({ length: 40 }, () => ({ kind: 'text', text: '请凭本回执领取证照' }) as const),
    { kind: 'cut' },
  ],
}
/** What the printer sees of a driver that cannot tell a byte of noise, or an answer said twice, from a status. */
const MISTAKEN_STATUS = ['told to recover', 'a status query while another is in flight']
const SENDING_MS = 200
const WAIT_MS = 10_000

function overWire(name: string, place: () => Promise<Place>): Subject {
  return {
    name: `receipt printer over ${name}`,
    comesBackRenamed: place === ptyPlace,
    states: ['printing a receipt', 'taking in a receipt', 'idle'],
    canBeAsked: true,
    countsFrames: true,
    absence: 'cannot-open',
    worksThrough: ['split', 'merged', 'slow', 'doubled'],
    survives: ['noise', 'lost bytes', 'stalled', 'half-open'],
    start: async (cable) => {
      const at = await place()
      const simulator = await startReceiptPrinterSimulator({ listen: at.listen, profile: PROFILE })
      if (cable === 'out') await simulator.unplug()
      return new PrinterBench(simulator, at)
    },
  }
}

export function receiptPrinters(): Subject[] {
  return [overWire('tcp', tcpPlace), overWire('serial', ptyPlace)]
}

class PrinterBench implements Bench {
  readonly peripheral
  #simulator: ReceiptPrinterSimulator
  #place: Place
  #sent = 0
  #outcomes: PrintOutcome[] = []
  #hasFalseAnswers = false

  constructor(simulator: ReceiptPrinterSimulator, place: Place) {
    this.#simulator = simulator
    this.#place = place
    this.peripheral = superviseReceiptPrinter({ driver: 'escpos', profile: PROFILE, port: simulator.port })
  }

  /**
   * One byte is a whole status: noise can say that the cutter is stuck and then that it is free. The printer is then
   * told to recover, which one that is in order ignores. Noise, or the second copy of the last answer, can also be
   * taken for the answer to a question: the next one is then asked while the printer has still to answer the first.
   */
  errors(): readonly string[] {
    const { errors } = this.#simulator
    if (!this.#hasFalseAnswers) return errors
    return errors.filter((error) => !MISTAKEN_STATUS.some((caused) => error.startsWith(caused)))
  }

  wrong(): string[] {
    const onPaper = this.#simulator.receipts().length
    const told = this.#outcomes.filter(({ outcome }) => outcome === 'printed').length
    const denied = this.#outcomes.filter(({ outcome }) => outcome === 'failed').length
    return [
      ...(onPaper > this.#sent - denied
        ? [`${onPaper} receipts of ${this.#sent}, ${denied} said to be none`]
        : []),
      ...(told > onPaper ? [`${told} said to be printed, ${onPaper} are`] : []),
    ]
  }

  async work(): Promise<void> {
    await until('no paper moves', () => !this.#simulator.busy(), WAIT_MS)
    const before = this.#simulator.receipts().length
    const isTorn = this.#outcomes.at(-1)?.outcome === 'unknown'
    const outcome = await this.#print(RECEIPT)
    expect(outcome).toEqual({ outcome: 'printed', proof: 'probable' })
    const out = this.#simulator.receipts().slice(before)
    const others = out.filter(({ png }) => !png.equals(out.at(-1)?.png ?? png))
    expect(out.length - others.length).toBe(1)
    // What an earlier one left on the paper is cut off first, perhaps only now.
    expect(others.length).toBeLessThanOrEqual(isTorn ? 1 : 0)
  }

  async enter(state: string): Promise<Settle> {
    if (state === 'idle') return NOTHING_BEGUN
    const slow = state === 'taking in a receipt' ? this.trouble('slow') : undefined
    const printing = this.#print(LONG_RECEIPT)
    if (slow === undefined) await until('paper moves', () => this.#simulator.busy(), WAIT_MS)
    else await pause(SENDING_MS)
    expect(this.#outcomes.length).toBe(this.#sent - 1)
    return async () => {
      slow?.()
      await printing
      await until('no paper moves', () => !this.#simulator.busy(), WAIT_MS)
    }
  }

  trouble(kind: Trouble): () => void {
    this.#hasFalseAnswers ||= kind === 'noise' || kind === 'doubled'
    return wireTrouble(this.#simulator.faults, kind)
  }

  innerName = (): string | undefined => this.#place.innerName()
  unplug = (): Promise<void> => this.#simulator.unplug()
  plug = (): Promise<void> => this.#simulator.plug()

  async close(): Promise<void> {
    await this.peripheral.close()
    await this.#simulator.close()
    await this.#place.remove()
  }

  async #print(document: ReceiptDocument): Promise<PrintOutcome> {
    this.#sent += 1
    const outcome = await this.peripheral.print(document)
    this.#outcomes.push(outcome)
    return outcome
  }
}
