import { createServer, type Server, type Socket } from 'node:net'
import PDFDocument from 'pdfkit'
import QRCode from 'qrcode'
import { type PagePrinter, supervisePagePrinter } from '../../../drivers/page-printer/driver.ts'
import type { PagePrinterTimings } from '../../../drivers/page-printer/timings.ts'
import {
  type IppPrinterSimulator,
  type IppPrinterSimulatorOptions,
  startIppPrinterSimulator,
} from '../../../drivers/simulators/ipp-printer.ts'
import { closing, until } from '../support.ts'

/** The driver's own order of times, shorter; answers keep a deadline that a busy machine does not miss. */
export const QUICK: PagePrinterTimings = {
  heartbeatMs: 30,
  answerDeadlineMs: 1000,
  firstPollMs: 5,
  pollMs: 20,
  sendIdleMs: 1500,
  jobDeadlineMs: 4000,
  stoppedMs: 300,
  silenceMs: 2500,
  cancelMs: 1000,
  turnMs: 4000,
  farewellMs: 500,
  mistrustMs: 300,
}

const A4_POINTS: [number, number] = [595.28, 841.89]
const MODULE_POINTS = 6

/** An A4 document of so many pages; each holds the text as a QR code. */
export function pdfWithQr(text: string, pages = 1): Promise<Uint8Array> {
  const doc = new PDFDocument({ size: A4_POINTS, margin: 60, autoFirstPage: false })
  const chunks: Buffer[] = []
  doc.on('data', (chunk: Buffer) => chunks.push(chunk))
  const { modules } = QRCode.create(text, { errorCorrectionLevel: 'M' })
  for (let page = 0; page < pages; page += 1) {
    doc.addPage()
    for (const [index, dark] of modules.data.entries()) {
      const x = 100 + (index % modules.size) * MODULE_POINTS
      const y = 100 + Math.floor(index / modules.size) * MODULE_POINTS
      if (dark) doc.rect(x, y, MODULE_POINTS, MODULE_POINTS)
    }
    doc.fill('black')
  }
  const { promise, resolve } = Promise.withResolvers<Uint8Array>()
  doc.on('end', () => resolve(Uint8Array.from(Buffer.concat(chunks))))
  doc.end()
  return promise
}

export async function simulator(
  options: Partial<IppPrinterSimulatorOptions> = {},
): Promise<IppPrinterSimulator> {
  return closing(await startIppPrinterSimulator({ listen: 'tcp://127.0.0.1:0', ...options }))
}

export function supervised(port: string, timings: Partial<PagePrinterTimings> = {}): PagePrinter {
  return closing(supervisePagePrinter({ driver: 'ipp', port }, { ...QUICK, ...timings }))
}

/** No job waits, stands or is being printed. */
export function nothingWaits(printer: IppPrinterSimulator): Promise<void> {
  const ended = ['completed', 'canceled', 'aborted']
  return until('no job is left', () => printer.jobs().every((job) => ended.includes(job.state)))
}

/** A server below HTTP, for what no HTTP server does. */
export async function rawServer(onData: (socket: Socket, chunk: Buffer) => void): Promise<{ port: string }> {
  const sockets = new Set<Socket>()
  const server: Server = createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => {})
    socket.on('data', (chunk) => onData(socket, chunk))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const number = address !== null && typeof address === 'object' ? address.port : 0
  closing({
    close: async () => {
      for (const socket of sockets) socket.destroy()
      await new Promise<void>((resolve) => server.close(() => resolve()))
    },
  })
  return { port: `ipp://127.0.0.1:${number}/ipp/print` }
}
