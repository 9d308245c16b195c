import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { parsePort } from '../transport/port.ts'
import { type AnswerFacts, answerTo } from './ipp-printer-answers.ts'
import { IppFaultStack, type IppFaults } from './ipp-printer-faults.ts'
import { type JobHabits, type SimulatedJob, SimulatedJobs } from './ipp-printer-jobs.ts'
import { operationOf, type PrinterOperation, readRequest } from './ipp-printer-request.ts'
import { respond } from './ipp-printer-response.ts'
import { readMessage, type WireMessage, writeMessage } from './ipp-printer-wire.ts'
import { Misuse } from './misuse.ts'
import { TcpOutlet } from './tcp-outlet.ts'

export interface IppPrinterSimulator {
  /** `ipp://127.0.0.1:PORT/ipp/print` */
  readonly port: string
  /** What no printer would have understood, and names that tell of somebody. */
  readonly errors: readonly string[]
  readonly faults: IppFaults
  /** The PDFs that came out, oldest first. */
  pages(): Uint8Array[]
  onPages(listener: (pdf: Uint8Array) => void): () => void
  /** Every job that it still knows. */
  jobs(): Readonly<SimulatedJob>[]
  /** How often each operation was asked for. */
  asked(operation: PrinterOperation): number
  setPaper(paper: 'ok' | 'near-end' | 'out'): void
  setCover(open: boolean): void
  setJam(jammed: boolean): void
  setToner(toner: 'ok' | 'low' | 'empty'): void
  /** Any printer-state-reasons besides. */
  setReasons(reasons: string[]): void
  setPaused(paused: boolean): void
  setManner(manner: JobHabits['manner']): void
  /** What it says of whose jobs are. */
  setOwners(owners: JobHabits['owners']): void
  /** The network cable only: paper goes on moving. */
  unplug(): Promise<void>
  plug(): Promise<void>
  close(): Promise<void>
}

export interface IppPrinterSimulatorOptions {
  /** `tcp://127.0.0.1:PORT`; port 0 takes a free one. */
  listen: string
  /** Default 20; a real one takes 2 s and more. */
  millisecondsPerSide?: number
  /** Takes documents in no faster than this. */
  bytesPerSecond?: number
  /** Serves one line at a time; the others wait until it is done. */
  oneAtATime?: boolean
  /** Answers as a CUPS queue to that device. It hands nothing on. */
  queueTo?: string
  /** Default PDF and others. */
  formats?: string[]
  onError?: (error: string) => void
}

const MS_PER_SECOND = 1000
const UNPACED_BYTES = 262_144
const PATH = '/ipp/print'
const DEFAULT_MS_PER_SIDE = 20
const DEFAULT_FORMATS = ['application/octet-stream', 'application/pdf', 'image/pwg-raster']
/** Some hundred pages. */
const MAX_REQUEST_BYTES = 32 * 1024 * 1024
/** The operation's number is the second word of a message (RFC 8010 §3.1.1). */
const OPERATION_END = 4

/** An IPP printer on the network. It is strict: what it has against a request is recorded and refused. */
export async function startIppPrinterSimulator(
  options: IppPrinterSimulatorOptions,
): Promise<IppPrinterSimulator> {
  const printer = new SimulatedIppPrinter(options)
  await printer.plug()
  return {
    port: printer.port,
    errors: printer.misuse.errors,
    faults: printer.faults,
    pages: () => [...printer.pages],
    onPages: (listener) => printer.jobs.printed.add(listener),
    jobs: () => [...printer.jobs.jobs],
    asked: (operation) => printer.asked.get(operation) ?? 0,
    setPaper: (paper) =>
      printer.change({ 'media-empty': paper === 'out', 'media-low': paper === 'near-end' }),
    setCover: (open) => printer.change({ 'cover-open': open }),
    setJam: (jammed) => printer.change({ 'media-jam': jammed }),
    setToner: (toner) => printer.change({ 'toner-empty': toner === 'empty', 'toner-low': toner === 'low' }),
    setReasons: (reasons) => printer.setReasons(reasons),
    setPaused: (paused) => printer.change({ paused }),
    setManner: (manner) => printer.setManner(manner),
    setOwners: (owners) => void Object.assign(printer.jobs.habits, { owners }),
    unplug: () => printer.unplug(),
    plug: () => printer.plug(),
    close: async () => {
      printer.jobs.stop()
      await printer.unplug()
    },
  }
}

/** With any of these no paper moves. */
const STOPPING = ['media-empty', 'cover-open', 'media-jam', 'toner-empty', 'paused']

class SimulatedIppPrinter {
  readonly misuse: Misuse
  readonly faults = new IppFaultStack()
  readonly jobs: SimulatedJobs
  readonly asked = new Map<PrinterOperation, number>()
  pages: Uint8Array[] = []
  readonly #outlet: TcpOutlet
  /** It listens nowhere itself: the outlet hands it whoever comes. */
  readonly #server = createServer((request, response) => void this.#serve(request, response))
  #isPlugged = false
  #conditions = new Set<string>()
  #reasons: string[] = []
  #options: IppPrinterSimulatorOptions
  #line: Promise<void> = Promise.resolve()

  constructor(options: IppPrinterSimulatorOptions) {
    const parsed = parsePort(options.listen)
    if (!parsed.ok) throw new Error(parsed.fault)
    if (parsed.port.kind !== 'tcp')
      throw new Error(`port ${options.listen}: this simulator listens on tcp://HOST:PORT`)
    this.#outlet = new TcpOutlet(parsed.port.host, parsed.port.port)
    this.#options = options
    this.misuse = new Misuse(options.onError)
    this.jobs = new SimulatedJobs(options.millisecondsPerSide ?? DEFAULT_MS_PER_SIDE, () => this.#isAble)
    this.jobs.printed.add((pdf) => this.pages.push(pdf))
  }

  get port(): string {
    return `${this.#outlet.port.replace(/^tcp/, 'ipp')}${PATH}`
  }

  change(conditions: Record<string, boolean>): void {
    for (const [condition, on] of Object.entries(conditions)) {
      if (on) this.#conditions.add(condition)
      else this.#conditions.delete(condition)
    }
    this.jobs.work()
  }

  setReasons(reasons: string[]): void {
    this.#reasons = reasons
  }

  setManner(manner: JobHabits['manner']): void {
    this.jobs.habits.manner = manner
    this.jobs.work()
  }

  async plug(): Promise<void> {
    if (this.#isPlugged) return
    await this.#outlet.plug((socket) => {
      socket.on('error', () => {})
      this.#server.emit('connection', socket)
    })
    this.#isPlugged = true
  }

  async unplug(): Promise<void> {
    this.#isPlugged = false
    await this.#outlet.unplug()
  }

  get #isAble(): boolean {
    return !STOPPING.some((condition) => this.#conditions.has(condition))
  }

  #facts(): AnswerFacts {
    const isWorking = this.jobs.jobs.some(({ state }) => state === 'processing')
    const state = this.#isAble ? (isWorking ? 'processing' : 'idle') : 'stopped'
    const severity = state === 'stopped' ? 'error' : state === 'processing' ? 'warning' : 'report'
    const told = [...this.#conditions].map((one) => (one === 'paused' ? one : `${one}-${severity}`))
    return {
      uri: this.port,
      state,
      reasons: [...told, ...this.#reasons],
      formats: this.#options.formats ?? DEFAULT_FORMATS,
      queueTo: this.#options.queueTo,
    }
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    request.on('error', () => {})
    if (this.#options.oneAtATime === true) {
      const { promise, resolve } = Promise.withResolvers<void>()
      const before = this.#line
      this.#line = promise
      response.once('close', resolve)
      await before
    }
    if (!request.destroyed) this.#take(request, response)
  }

  #take(request: IncomingMessage, response: ServerResponse): void {
    const { bytesPerSecond } = this.#options
    const chunks: Buffer[] = []
    const begunMs = performance.now()
    let pause: NodeJS.Timeout | undefined
    let bytes = 0
    let early: SimulatedJob | undefined
    request.on('data', (chunk: Buffer) => {
      bytes += chunk.length
      if (bytes === chunk.length && this.#diesEarly(chunk)) request.socket.resetAndDestroy()
      if (bytes > MAX_REQUEST_BYTES) {
        this.misuse.record(`a request of more than ${MAX_REQUEST_BYTES} bytes`)
        request.socket.destroy()
      } else chunks.push(chunk)
      early ??= this.#answerEarly(request, response, chunks)
      // The end comes at once: what still waits in here is lost when the other side closes.
      const toCome = Number(request.headers['content-length']) - bytes
      if (bytesPerSecond === undefined || toCome < UNPACED_BYTES) return
      request.pause()
      clearTimeout(pause)
      const dueMs = begunMs + (bytes / bytesPerSecond) * MS_PER_SECOND
      pause = setTimeout(() => request.resume(), dueMs - performance.now())
    })
    request.on('close', () => {
      if (early?.arriving === true) this.jobs.arrived(early, undefined)
    })
    request.on('end', () => {
      const body = Buffer.concat(chunks)
      if (early === undefined) return this.#answer(request, response, body)
      const read = readMessage(body)
      this.jobs.arrived(early, read.ok ? read.message.document : undefined)
      response.end()
    })
  }

  /** Gives the job once enough of its document has come to take it, where such a fault is on. */
  #answerEarly(
    request: IncomingMessage,
    response: ServerResponse,
    chunks: readonly Buffer[],
  ): SimulatedJob | undefined {
    if (this.faults.of('Print-Job')?.kind !== 'early') return undefined
    const message = readPost(request, Buffer.concat(chunks))
    const legal = typeof message === 'string' ? undefined : readRequest(message, PATH)
    if (typeof message === 'string' || legal?.ok !== true || legal.request.operation !== 'Print-Job')
      return undefined
    this.#count('Print-Job')
    const answer = answerTo(legal.request, this.jobs, this.#facts())
    const job = this.jobs.jobs.at(-1)
    if (job !== undefined) job.arriving = true
    const bytes = writeMessage({ ...answer, version: message.version, requestId: message.requestId })
    response.writeHead(200, { 'Content-Type': 'application/ipp', 'Content-Length': bytes.length })
    response.write(bytes)
    return job
  }

  #count(operation: PrinterOperation): void {
    this.asked.set(operation, (this.asked.get(operation) ?? 0) + 1)
  }

  #diesEarly(first: Buffer): boolean {
    const operation =
      first.length < OPERATION_END ? undefined : operationOf(first.readUInt16BE(OPERATION_END - 2))
    return this.faults.of(operation)?.kind === 'die-early'
  }

  #answer(request: IncomingMessage, response: ServerResponse, body: Buffer): void {
    const read = readPost(request, body)
    if (typeof read === 'string') {
      this.misuse.record(read)
      response.writeHead(400).end()
      return
    }
    const legal = readRequest(read, PATH)
    const operation = legal.ok ? legal.request.operation : undefined
    if (!legal.ok) for (const fault of legal.faults) this.misuse.record(fault)
    if (operation !== undefined) this.#count(operation)
    const fault = this.faults.of(operation)
    // What it would have done it does, as a printer does whose answer is lost; what it refuses it does not.
    const answer = answerTo(
      legal.ok && fault?.kind !== 'refuse' ? legal.request : undefined,
      this.jobs,
      this.#facts(),
    )
    respond(response, { ...answer, version: read.version, requestId: read.requestId }, fault)
  }
}

/** The message of a POST as RFC 8010 §4 wants it, or what is wrong with it. */
function readPost({ method, url, headers }: IncomingMessage, body: Buffer): WireMessage | string {
  if (method !== 'POST') return `HTTP ${method}`
  if (headers['content-type'] !== 'application/ipp') return 'not application/ipp'
  if (headers['content-length'] === undefined) return 'a body of unknown length'
  if (url !== PATH) return `no printer at ${url}`
  const read = readMessage(body)
  return read.ok ? read.message : read.fault
}
