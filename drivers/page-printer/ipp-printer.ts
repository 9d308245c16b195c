import type { PrintOutcome } from '../status.ts'
import { type Attendance, type Ending, type Link, lineLost, supervise } from '../supervisor.ts'
import { monotonicMs, sleep } from '../time.ts'
import type { Closed, Opened } from '../transport/connection.ts'
import type { IppResult } from './client.ts'
import { ownUserName } from './identity.ts'
import { sweepLeftovers } from './leftovers.ts'
import { Place } from './place.ts'
import { PrintJob } from './print-job.ts'
import { type IppTarget, readTarget } from './target.ts'
import type { PagePrinterTimings } from './timings.ts'
import type { PageTray, PrintWishes } from './tray.ts'
import { WaitingLine } from './waiting-line.ts'
import { PrinterWatch, type View } from './watch.ts'

/** HTTP has no line that could be lost: the link is as long as the printer is supervised. */
interface IppLink extends Link {
  target: IppTarget
}

/** Keeps a printer that speaks IPP, or a CUPS queue, ready to print pages. */
export function superviseIppPrinter(port: string, timings: PagePrinterTimings): PageTray {
  let work: IppWork | undefined
  const peripheral = supervise<IppLink>({
    port,
    open: async () => openLink(port),
    attend: async (link, attendance) => {
      work = new IppWork(link.target, attendance, timings)
      try {
        await work.run()
        return await ending(link, attendance)
      } finally {
        work = undefined
      }
    },
  })
  return {
    ...peripheral,
    printPdf: (pdf, wishes) => {
      if (work !== undefined) return work.print(pdf, wishes)
      const status = peripheral.status()
      return Promise.resolve({
        outcome: 'failed',
        reason: status.state === 'fault' ? status.reason : 'cannot-open',
      })
    },
  }
}

function openLink(port: string): Opened<IppLink> {
  const read = readTarget(port)
  if (!read.ok) return read
  const { promise: closed, resolve } = Promise.withResolvers<Closed>()
  const close = async (): Promise<void> => resolve({ cause: 'closed-here', detail: 'closed by this program' })
  return { ok: true, link: { target: read.target, closed, close } }
}

function ending(link: IppLink, attendance: Attendance): Promise<Ending> {
  return lineLost(link, attendance.signal)
}

/** Two loops over one printer: one looks at it, the other works on its documents, one at a time. */
class IppWork {
  readonly #attendance: Attendance
  readonly #timings: PagePrinterTimings
  readonly #watch: PrinterWatch
  readonly #waiting: WaitingLine
  #view: View | undefined
  #silentSinceMs: number | undefined
  #lost = new AbortController()
  #wake = new AbortController()
  /** Nothing of ours waits in the queue. Not known at first: an earlier life may have left something. */
  #clean = false
  #leftover: string | undefined
  #printing = false
  #uploading = false
  #looks = 0
  #newestLook = 0
  #ended = false

  constructor(target: IppTarget, attendance: Attendance, timings: PagePrinterTimings) {
    this.#attendance = attendance
    this.#timings = timings
    const front = new Place(target, ownUserName(), timings.answerDeadlineMs)
    this.#watch = new PrinterWatch(front, timings)
    this.#waiting = new WaitingLine(timings.turnMs)
  }

  print(pdf: Uint8Array, wishes: PrintWishes): Promise<PrintOutcome> {
    if (this.#ended) return Promise.resolve({ outcome: 'failed', reason: 'line-lost' })
    const outcome = this.#waiting.join(pdf, wishes)
    this.#wake.abort()
    return outcome
  }

  async run(): Promise<void> {
    try {
      await Promise.all([this.#watchLoop(), this.#workLoop()])
    } finally {
      this.#ended = true
      this.#waiting.dismiss('line-lost')
    }
  }

  async #watchLoop(): Promise<void> {
    const { signal } = this.#attendance
    while (!signal.aborted) {
      await this.#look()
      await sleep(this.#timings.heartbeatMs, signal)
    }
  }

  async #workLoop(): Promise<void> {
    const { signal } = this.#attendance
    while (!signal.aborted) {
      this.#wake = new AbortController()
      const job = this.#waiting.next()
      if (job !== undefined) {
        job.settle(await this.#print(job.pdf, job.wishes))
        continue
      }
      if (!this.#clean && this.#isThere()) await this.#sweep()
      if (!this.#waiting.isEmpty) continue
      const pauseMs = this.#clean ? NEVER_MS : this.#timings.heartbeatMs
      await sleep(pauseMs, AbortSignal.any([signal, this.#wake.signal]))
    }
  }

  async #print(pdf: Uint8Array, wishes: PrintWishes): Promise<PrintOutcome> {
    const around = {
      watch: this.#watch,
      timings: this.#timings,
      look: () => this.#look(),
      view: () => this.#view ?? UNSEEN,
      isClean: async () => {
        if (!this.#clean) await this.#sweep()
        return this.#clean
      },
      upload: (work: () => Promise<IppResult>) => this.#upload(work),
      closing: this.#attendance.signal,
      lost: () => this.#lost.signal,
    }
    this.#printing = true
    try {
      return await new PrintJob(around, wishes).print(pdf)
    } finally {
      this.#printing = false
      this.#clean = false
    }
  }

  /** A printer that serves one line at a time says nothing else while it takes a document: that is no silence. */
  async #upload(work: () => Promise<IppResult>): Promise<IppResult> {
    this.#uploading = true
    try {
      return await work()
    } finally {
      this.#uploading = false
    }
  }

  async #sweep(): Promise<void> {
    const { signal } = this.#attendance
    const found = (): void => {
      this.#leftover ??= 'clearing jobs left in the queue'
      this.#tell()
    }
    const swept = await sweepLeftovers(this.#watch, this.#timings.cancelMs, signal, found)
    if (signal.aborted) return
    this.#clean = swept.clean
    this.#leftover = swept.clean ? undefined : swept.detail
    this.#tell()
  }

  #isThere(): boolean {
    return this.#view !== undefined && this.#view.kind !== 'silent'
  }

  async #look(): Promise<View> {
    const { signal, counters } = this.#attendance
    this.#looks += 1
    const number = this.#looks
    const view = await this.#watch.look(signal)
    // Two may be under way: what was asked earlier is no news when it comes later.
    if (signal.aborted || number < this.#newestLook) return view
    this.#newestLook = number
    if (view.kind !== 'silent') counters.frames += 1
    else if (view.late) counters.deadlineAborts += 1
    if (view.kind !== 'silent' && this.#view?.kind === 'silent') counters.reopens += 1
    this.#view = view
    this.#noteSilence(view)
    this.#tell()
    return view
  }

  #noteSilence(view: View): void {
    if (view.kind !== 'silent') {
      this.#silentSinceMs = undefined
      if (this.#lost.signal.aborted) this.#lost = new AbortController()
      return
    }
    if (this.#uploading) return
    const nowMs = monotonicMs()
    this.#silentSinceMs ??= nowMs
    // Switched on again it may come back with what it had in its memory.
    this.#clean = false
    if (nowMs - this.#silentSinceMs >= this.#timings.silenceMs) this.#lost.abort()
  }

  #tell(): void {
    const view = this.#view
    if (view === undefined) return
    if (view.kind !== 'fine') this.#attendance.fault(view.reason, view.detail)
    else if (this.#leftover !== undefined) this.#attendance.fault('offline', this.#leftover)
    else if (this.#clean || this.#printing) this.#attendance.ready(view.warnings)
    else this.#wake.abort()
  }
}

const UNSEEN: View = { kind: 'silent', reason: 'cannot-open', detail: 'not asked yet', late: false }
/** Until woken; the longest that a timer takes. */
const NEVER_MS = 0x7fffffff
