import { request as httpRequest } from 'node:http'
import { expect, test } from 'vitest'
import { ippRequest } from '../../../drivers/page-printer/client.ts'
import { encodeRequest, type IppRequest } from '../../../drivers/page-printer/ipp.ts'
import { readTarget } from '../../../drivers/page-printer/target.ts'
import {
  type IppPrinterSimulator,
  startIppPrinterSimulator,
} from '../../../drivers/simulators/ipp-printer.ts'
import { attribute, GROUP, TAG, writeMessage } from '../../../drivers/simulators/ipp-printer-wire.ts'
import { closing, until } from '../support.ts'

const USER = 'window24-0badcafe'
const PDF = Uint8Array.from(Buffer.from('%PDF-1.7\n<< /Type /Page >>\n<< /Type /Page >>\n%%EOF\n'))
const PRINT: IppRequest = { operation: 'Print-Job', jobName: 'window24-00000000' }

const start = async (): Promise<IppPrinterSimulator> =>
  closing(await startIppPrinterSimulator({ listen: 'tcp://127.0.0.1:0', millisecondsPerSide: 10 }))

function ask(wire: IppPrinterSimulator, request: IppRequest, document?: Uint8Array, user = USER) {
  const read = readTarget(wire.port)
  if (!read.ok) throw new Error(read.detail)
  return ippRequest(read.target, request, { user, deadlineMs: 5000, ...(document ? { document } : {}) })
}

/** Bytes as they are; gives the HTTP status. */
function post(
  wire: IppPrinterSimulator,
  body: Uint8Array,
  headers = {},
  path = '/ipp/print',
): Promise<number> {
  const { hostname, port } = new URL(wire.port)
  const { promise, resolve, reject } = Promise.withResolvers<number>()
  const common = { 'Content-Type': 'application/ipp', 'Content-Length': body.length, ...headers }
  const request = httpRequest({ method: 'POST', host: hostname, port, path, headers: common }, (response) => {
    response.resume()
    response.on('end', () => resolve(response.statusCode ?? 0))
  })
  request.on('error', reject)
  request.end(body)
  return promise
}

test('a document comes out side by side, and is kept as it came', async () => {
  const wire = await start()
  const came: Uint8Array[] = []
  wire.onPages((pdf) => came.push(pdf))
  expect(await ask(wire, PRINT, PDF)).toMatchObject({ kind: 'done', answer: { jobs: [{ id: 1 }] } })
  await until('it is printed', () => wire.jobs()[0]?.state === 'completed')
  expect(wire.jobs()[0]).toMatchObject({ sides: 2, sidesPrinted: 2 })
  expect(wire.pages()).toEqual([PDF])
  expect(came).toEqual([PDF])
  expect(wire.errors).toEqual([])
})

test('its state and reasons follow paper, cover, jam, toner and pause', async () => {
  const wire = await start()
  const reasons = async (): Promise<string[]> => {
    const asked = await ask(wire, { operation: 'Get-Printer-Attributes' })
    return asked.kind === 'done' ? (asked.answer.printers[0]?.reasons ?? []) : ['no answer']
  }
  expect(await reasons()).toEqual([])
  wire.setPaper('near-end')
  expect(await reasons()).toEqual(['media-low-report'])
  wire.setPaper('out')
  wire.setCover(true)
  expect(await reasons()).toEqual(['media-empty-error', 'cover-open-error'])
  wire.setPaper('ok')
  wire.setCover(false)
  wire.setPaused(true)
  expect(await reasons()).toEqual(['paused'])
})

test('a job waits for paper, and goes when it is cancelled', async () => {
  const wire = await start()
  wire.setPaper('out')
  await ask(wire, PRINT, PDF)
  expect(wire.jobs()[0]?.state).toBe('processing-stopped')
  expect(await ask(wire, { operation: 'Cancel-Job', jobId: 1 })).toMatchObject({ kind: 'done' })
  expect(await ask(wire, { operation: 'Cancel-Job', jobId: 1 })).toMatchObject({ kind: 'denied' })
  wire.setPaper('ok')
  expect(wire.jobs()[0]?.state).toBe('canceled')
  expect(await ask(wire, { operation: 'Cancel-Job', jobId: 1, purge: true })).toMatchObject({ kind: 'done' })
  expect(wire.jobs()).toEqual([])
  expect(wire.errors).toEqual([])
})

test('ended jobs are listed by whose they are, waiting ones all', async () => {
  const wire = await start()
  await ask(wire, PRINT, PDF)
  await until('it is printed', () => wire.jobs()[0]?.state === 'completed')
  wire.setPaper('out')
  await ask(wire, PRINT, PDF)
  await ask(wire, PRINT, PDF, 'window24-00000001')
  const [others] = wire.jobs().slice(-1)
  expect(others?.user).toBe('window24-00000001')
  const ids = async (which: 'completed' | 'not-completed'): Promise<number[]> => {
    const asked = await ask(wire, { operation: 'Get-Jobs', which })
    return asked.kind === 'done' ? asked.answer.jobs.map(({ id }) => id) : []
  }
  expect(await ids('completed')).toEqual([1])
  expect(await ids('not-completed')).toEqual([2, 3])
})

test.each([
  ['a user’s own name', PRINT, PDF, 'zhangxiaoyu', 'a user name that is not generic'],
  ['a title for a job', { ...PRINT, jobName: '社保证明' }, PDF, USER, 'a job name that is not generic'],
  ['a document that is no PDF', PRINT, Uint8Array.of(1, 2, 3), USER, 'a document that is no PDF'],
  ['no document', PRINT, undefined, USER, 'a document that is no PDF'],
  [
    'bytes behind a question',
    { operation: 'Get-Jobs', which: 'completed' },
    PDF,
    USER,
    'bytes behind the message',
  ],
] as [string, IppRequest, Uint8Array | undefined, string, string][])(
  '%s is refused and recorded',
  async (_, request, document, user, error) => {
    const wire = await start()
    expect(await ask(wire, request, document, user)).toMatchObject({ kind: 'denied' })
    expect(wire.errors).toContain(error)
    expect(wire.jobs()).toEqual([])
  },
)

test('attributes out of order, of a wrong syntax or without A4 are refused and recorded', async () => {
  const wire = await start()
  const charset = attribute('attributes-charset', TAG.charset, 'utf-8')
  const language = attribute('attributes-natural-language', TAG.language, 'en')
  const uri = attribute('printer-uri', TAG.uri, wire.port)
  const user = attribute('requesting-user-name', TAG.name, USER)
  const send = (code: number, ...attributes: ReturnType<typeof attribute>[]): Promise<number> => {
    const groups = [{ tag: GROUP.operation, attributes }]
    return post(wire, Buffer.concat([writeMessage({ version: 0x0200, code, requestId: 1, groups }), PDF]))
  }
  await send(0x0b, language, charset, uri, user)
  await send(0x0b, charset, language, uri, attribute('requesting-user-name', TAG.keyword, USER))
  await send(0x02, charset, language, uri, user, attribute('document-format', TAG.mime, 'application/pdf'))
  await send(0x3fff, charset, language, uri, user)
  const told = wire.errors.join('\n')
  for (const words of ['must come first', 'of another syntax', 'no A4', 'operation 3fff', 'bytes behind'])
    expect(told).toContain(words)
})

test('what is not IPP over HTTP gets a 400', async () => {
  const wire = await start()
  const message = encodeRequest(PRINT, { printerUri: wire.port, user: USER }, 1)
  expect(await post(wire, message, { 'Content-Type': 'text/plain' })).toBe(400)
  expect(await post(wire, message, {}, '/elsewhere')).toBe(400)
  expect(await post(wire, message.subarray(0, 40))).toBe(400)
  expect(await post(wire, Uint8Array.of(1, 2))).toBe(400)
  expect(wire.errors).toHaveLength(4)
})

test('unplugged it is not there; plugged in again it is, at the same port', async () => {
  const wire = await start()
  const { port } = wire
  await wire.unplug()
  expect(await ask(wire, { operation: 'Get-Printer-Attributes' })).toMatchObject({ kind: 'failed' })
  await wire.plug()
  expect(wire.port).toBe(port)
  expect(await ask(wire, { operation: 'Get-Printer-Attributes' })).toMatchObject({ kind: 'done' })
})

test('a fault for one operation leaves the others alone, and ends', async () => {
  const wire = await start()
  const end = wire.faults.add({ kind: 'die', operation: 'Get-Jobs' })
  expect(await ask(wire, { operation: 'Get-Jobs', which: 'completed' })).toMatchObject({ kind: 'failed' })
  expect(await ask(wire, { operation: 'Get-Printer-Attributes' })).toMatchObject({ kind: 'done' })
  end()
  expect(await ask(wire, { operation: 'Get-Jobs', which: 'completed' })).toMatchObject({ kind: 'done' })
})

test('a port that is no TCP port is a wrong use', async () => {
  await expect(startIppPrinterSimulator({ listen: 'dir:/tmp' })).rejects.toThrow('tcp://HOST:PORT')
})
