/** The room `report`: what is still open, the report as a paper, and that paper printed or taken along. */
import { type Machine, THIS_MACHINE } from '../../../drivers/discovery/machine.ts'
import type { PrintOutcome } from '../../../drivers/status.ts'
import { formatInstant } from '../../../sync/protocol/identifiers.ts'
import { storageProblem } from '../../../sync/sqlite-faults.ts'
import {
  type Documents,
  type ReadinessReport,
  readinessReceipt,
  startDocuments,
} from '../../documents/documents.ts'
import type { OpenPoint, ReportAction, ReportState } from '../../http/contract.ts'
import { takeAlong } from '../take-along.ts'
import {
  DONE,
  type OtherRooms,
  refuse,
  type SetupAnswer,
  type SetupRoom,
  type Workshop,
} from '../workshop.ts'
import { nextReportNumber } from './numbers.ts'
import { openPoints } from './open-points.ts'
import type { ReportFacts } from './report-facts.ts'
import { reportInWords } from './words.ts'

const MEDIA_TYPE = 'application/pdf'

interface Made {
  shown: NonNullable<ReportState['made']>
  report: ReadinessReport
  at: Date
  pdf: Uint8Array
}

export const openReportRoom = (
  workshop: Workshop,
  others: OtherRooms,
  machine: Machine = THIS_MACHINE,
): SetupRoom<ReportState, ReportAction> => {
  let own: Promise<Documents> | null = null
  let made: Made | null = null
  let making = false
  let printed: ReportState['printed'] = null
  const along = takeAlong(workshop, machine, 'report')
  const closing = new AbortController()

  const facts = (): ReportFacts | null => {
    const { device, peripherals, health } = others.state()
    if (device === undefined || peripherals === undefined || health === undefined) return null
    const running = workshop.device()
    return {
      device,
      peripherals: peripherals.bound,
      health,
      thumbprint: running?.identity.thumbprint ?? null,
      head: null,
    }
  }
  const openNow = (): OpenPoint[] => {
    const now = facts()
    return now === null ? [] : openPoints(now)
  }
  const documents = async (): Promise<Documents> => {
    const ofDevice = workshop.device()?.documents ?? null
    if (ofDevice !== null) return ofDevice
    own ??= startDocuments()
    return await own
  }

  const check = async (): Promise<SetupAnswer> => {
    const checks = others.state().health?.checks
    if (checks === undefined) return refuse('no-such-room', 'the room that makes checks is missing')
    const untried = (['network', 'clock', 'storage'] as const).filter(
      (what) => checks[what].state === 'not-tried',
    )
    for (const what of untried) await others.act({ room: 'health', action: { type: 'check', what } })
    return DONE
  }

  const make = async (): Promise<SetupAnswer> => {
    const shown = facts()
    if (shown === null) return refuse('no-such-room', 'the rooms that a report is made of are missing')
    if (making) return refuse('busy', 'one is being made')
    making = true
    workshop.onChange()
    const begun = performance.now()
    try {
      const at = new Date()
      const now: ReportFacts = { ...shown, head: workshop.device()?.outbox.head() ?? null }
      const open = openPoints(now)
      const report = reportInWords(now, open, nextReportNumber(workshop.dataDir))
      const { pdf, pages } = await (await documents()).readinessPdf({ report, printedAt: at })
      const file = `window24-report-${String(report.number).padStart(4, '0')}.pdf`
      const tookMs = Math.round(performance.now() - begun)
      const { number, isReady: ready } = report
      made = { shown: { number, at: formatInstant(at), file, ready, pages, tookMs }, report, at, pdf }
      printed = null
      along.forget()
      workshop.offer({ name: file, mediaType: MEDIA_TYPE, bytes: pdf })
      workshop.record({ fact: 'report', number, ready })
      return DONE
    } catch (error) {
      workshop.onTrouble(error)
      return storageProblem(error) === null
        ? refuse('no-page', 'the report could not be set; try again')
        : refuse('cannot-keep', 'nothing can be written now, and a report has to be counted')
    } finally {
      making = false
      workshop.onChange()
    }
  }

  type Job = (signal: AbortSignal) => Promise<PrintOutcome>
  /** Null without such a printer. */
  const jobOf = (paper: 'a4' | 'receipt', { report, at, pdf }: Made): Job | null => {
    const { pagePrinter, receiptPrinter } = workshop.device()?.peripherals ?? {}
    if (paper === 'a4') return pagePrinter ? (signal) => pagePrinter.print(pdf, { signal }) : null
    return receiptPrinter ? (signal) => receiptPrinter.print(readinessReceipt(report, at), { signal }) : null
  }

  const print = async (paper: 'a4' | 'receipt'): Promise<SetupAnswer> => {
    if (made === null) return refuse('report-first', 'make the report first')
    if (printed?.outcome === 'printing') return refuse('busy', 'it is being printed')
    const job = jobOf(paper, made)
    if (job === null) return refuse('not-bound', 'there is no such printer')
    if (workshop.busy()) return refuse('busy', 'somebody is being served here')
    printed = { paper, outcome: 'printing', reason: null }
    workshop.onChange()
    // Minutes, with a printer that warms up: the page is told by the state.
    void job(closing.signal).then(
      (outcome) => {
        printed = { paper, ...shownOutcome(outcome) }
        workshop.onChange()
      },
      (error: unknown) => {
        printed = { paper, outcome: 'failed', reason: null }
        workshop.onTrouble(error)
        workshop.onChange()
      },
    )
    return DONE
  }

  const save = async (stick: string): Promise<SetupAnswer> => {
    if (made === null) return refuse('report-first', 'make the report first')
    return await along.save(stick, { name: made.shown.file, bytes: made.pdf })
  }

  return {
    state() {
      const open = openNow()
      return {
        open,
        ready: open.length === 0,
        made: made?.shown ?? null,
        making,
        printed,
        saved: along.saved(),
      }
    },
    async act(action) {
      switch (action.type) {
        case 'check':
          return await check()
        case 'make':
          return await make()
        case 'print':
          return await print(action.paper)
        case 'save':
          return await save(action.stick)
      }
    },
    /** Whoever comes in next makes their own. */
    left() {
      made = null
      printed = null
      along.forget()
    },
    async close() {
      closing.abort()
      await (await own?.catch(() => null))?.close()
    },
  }
}

const shownOutcome = (outcome: PrintOutcome): Omit<NonNullable<ReportState['printed']>, 'paper'> => {
  if (outcome.outcome !== 'printed') return { outcome: outcome.outcome, reason: outcome.reason }
  return { outcome: outcome.proof === 'confirmed' ? 'printed' : 'probable', reason: null }
}
