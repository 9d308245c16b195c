import { readdirSync } from 'node:fs'
import { mkdtemp, readdir, rename, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'vitest'
import { type PagePrinter, supervisePagePrinter } from '../../../drivers/page-printer/driver.ts'
import { startIppPrinterSimulator } from '../../../drivers/simulators/ipp-printer.ts'
import type { IppFault } from '../../../drivers/simulators/ipp-printer-faults.ts'
import type { PrintOutcome } from '../../../drivers/status.ts'
import { until } from '../support.ts'
import { type Bench, NOTHING_BEGUN, type Settle, type Subject, type Trouble } from './subject.ts'

const PDF = Uint8Array.from(Buffer.from('%PDF-1.4\n%%EOF\n', 'latin1'))
const MS_PER_SIDE = 600
const WAIT_MS = 15_000

/** The other end: paper, and what can befall the way to it. */
interface Tray {
  port: string
  errors(): readonly string[]
  pages(): number
  busy(): boolean
  trouble(kind: Trouble): () => void
  unplug(): Promise<void>
  plug(): Promise<void>
  close(): Promise<void>
}

const IPP_TROUBLES: Partial<Record<Trouble, IppFault>> = {
  garbage: { kind: 'garbage' },
  'broken answers': { kind: 'garbage-ipp' },
  'lost answers': { kind: 'die' },
  'half-open': { kind: 'hang' },
}

async function ippTray(): Promise<Tray> {
  const simulator = await startIppPrinterSimulator({
    listen: 'tcp://127.0.0.1:0',
    millisecondsPerSide: MS_PER_SIDE,
  })
  return {
    ...simulator,
    errors: () => simulator.errors,
    pages: () => simulator.pages().length,
    busy: () => simulator.jobs().some(({ state }) => state === 'processing' || state === 'pending'),
    trouble: (kind) => {
      const fault = IPP_TROUBLES[kind]
      if (fault === undefined) throw new Error(`an IPP printer knows no trouble "${kind}"`)
      return simulator.faults.add(fault)
    },
  }
}

async function folderTray(): Promise<Tray> {
  const home = await mkdtemp(join(tmpdir(), 'window24-conformance-'))
  const folder = join(home, 'pages')
  const away = join(home, 'away')
  const unplug = async (): Promise<void> => {
    if ((await readdir(home)).includes('pages')) await rename(folder, away)
  }
  const plug = (): Promise<void> => rename(away, folder)
  await rename(await mkdtemp(join(home, 'new-')), folder)
  return {
    port: `dir:${folder}`,
    errors: () => [],
    pages: () => readdirSync(readdirSync(home).includes('pages') ? folder : away).length,
    busy: () => false,
    trouble: (kind) => {
      throw new Error(`a folder knows no trouble "${kind}"`)
    },
    unplug,
    plug,
    close: () => rm(home, { recursive: true, force: true }),
  }
}

export function pagePrinters(): Subject[] {
  return [
    {
      name: 'page printer over ipp',
      comesBackRenamed: false,
      states: ['printing a page', 'idle'],
      canBeAsked: true,
      countsFrames: true,
      absence: 'cannot-open',
      worksThrough: [],
      survives: ['garbage', 'broken answers', 'lost answers', 'half-open'],
      start: (cable) => start('ipp', ippTray, cable),
    },
    {
      name: 'page printer into a folder',
      comesBackRenamed: false,
      states: ['idle'],
      canBeAsked: true,
      countsFrames: false,
      absence: 'folder',
      worksThrough: [],
      survives: [],
      start: (cable) => start('directory', folderTray, cable),
    },
  ]
}

async function start(
  driver: 'ipp' | 'directory',
  makeTray: () => Promise<Tray>,
  cable: 'in' | 'out',
): Promise<Bench> {
  const tray = await makeTray()
  if (cable === 'out') await tray.unplug()
  return new PageBench(tray, supervisePagePrinter({ driver, port: tray.port }))
}

class PageBench implements Bench {
  readonly peripheral: PagePrinter
  #tray: Tray
  #sent = 0
  #outcomes: PrintOutcome[] = []

  constructor(tray: Tray, printer: PagePrinter) {
    this.#tray = tray
    this.peripheral = printer
  }

  errors(): readonly string[] {
    return this.#tray.errors()
  }

  wrong(): string[] {
    const onPaper = this.#tray.pages()
    const told = this.#outcomes.filter(({ outcome }) => outcome === 'printed').length
    const denied = this.#outcomes.filter(({ outcome }) => outcome === 'failed').length
    return [
      ...(onPaper > this.#sent - denied
        ? [`${onPaper} pages of ${this.#sent}, ${denied} said to be none`]
        : []),
      ...(told > onPaper ? [`${told} said to be printed, ${onPaper} are`] : []),
    ]
  }

  async work(): Promise<void> {
    await until('no paper moves', () => !this.#tray.busy(), WAIT_MS)
    const before = this.#tray.pages()
    expect(await this.#print()).toEqual({ outcome: 'printed', proof: 'confirmed' })
    expect(this.#tray.pages()).toBe(before + 1)
  }

  async enter(state: string): Promise<Settle> {
    if (state !== 'printing a page') return NOTHING_BEGUN
    const printing = this.#print()
    await until('paper moves', () => this.#tray.busy(), WAIT_MS)
    return async () => {
      await printing
      await until('no paper moves', () => !this.#tray.busy(), WAIT_MS)
    }
  }

  trouble = (kind: Trouble): (() => void) => this.#tray.trouble(kind)
  innerName = (): undefined => undefined
  unplug = (): Promise<void> => this.#tray.unplug()
  plug = (): Promise<void> => this.#tray.plug()

  async close(): Promise<void> {
    await this.peripheral.close()
    await this.#tray.close()
  }

  async #print(): Promise<PrintOutcome> {
    this.#sent += 1
    const outcome = await this.peripheral.print(PDF)
    this.#outcomes.push(outcome)
    return outcome
  }
}
