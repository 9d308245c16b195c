/** Asking a real hall for proofs and for the PDFs of results, with the line as it is in the field. */
import { randomUUID } from 'node:crypto'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createCases } from '../../../device/cases/cases.ts'
import { proofErrands } from '../../../device/proofs/errands.ts'
import { checkedPaper } from '../../../device/proofs/issued-paper.ts'
import type { DocumentWanted, ProofOutcome } from '../../../device/proofs/proof.ts'
import type { IdCard } from '../../../drivers/id-reader/card.ts'
import { Personal } from '../../../drivers/personal.ts'
import { createHallClient } from '../../../sync/hall-client.ts'
import { loadIdentity } from '../../../sync/identity.ts'
import { newFolder } from '../../sync/hall/helpers.ts'
import { type HallOnALine, hallOnALine } from '../support/hall-on-a-line.ts'
import { sampleCard } from '../support/samples.ts'

const MS_PER_MINUTE = 60_000

let far: HallOnALine
let errands: ReturnType<typeof proofErrands>
let resultOfZhang: () => Promise<DocumentWanted>

/** 张小雨 of the demonstration hall: she has records everywhere, but owns no house. */
const zhang = (): Personal<IdCard> =>
  new Personal({ ...sampleCard().reveal(), name: '张小雨', number: '330099199104160260' })

beforeEach(async () => {
  far = await hallOnALine()
  const { client, identity } = far
  errands = proofErrands({ client, identity })
  resultOfZhang = async () => {
    const found = await createCases(client, identity).byCard(zhang())
    const cases = found.ok ? found.cases : []
    for (const { caseNo, documents } of cases) {
      const document = documents.find(({ form }) => form === null)
      if (document !== undefined) return { caseNo, document, card: zhang() }
    }
    throw new Error('the demonstration hall has no result of hers')
  }
})
afterEach(() => far.close())

const take = (kind: string, key: string = randomUUID(), card: Personal<IdCard> | null = zhang()) =>
  errands.proof({ kind, card, key })
const codeOf = (outcome: ProofOutcome): string =>
  outcome.outcome === 'made' ? outcome.verificationCode : outcome.outcome

test('a proof is made, and its paper is a PDF of as many pages as were told', async () => {
  const made = await take('social-insurance')
  expect(made).toMatchObject({ outcome: 'made', title: '社会保险参保证明', paper: { ok: true, pages: 1 } })
  const pdf = made.outcome === 'made' && made.paper.ok ? made.paper.pdf : new Uint8Array()
  expect(Buffer.from(pdf.subarray(0, 5)).toString('latin1')).toBe('%PDF-')
})

test('the same key again is the same proof, whether the card still lies there or not', async () => {
  const key = randomUUID()
  const first = codeOf(await take('tax-record', key))
  expect(codeOf(await take('tax-record', key, null))).toBe(first)
  expect(codeOf(await take('tax-record'))).not.toBe(first)
})

test('whoever has no record is told so in the issuer’s words', async () => {
  expect(await take('real-estate')).toMatchObject({
    outcome: 'refused',
    refusal: 'no-record',
    words: expect.stringContaining('不动产'),
  })
})

test('a kind that nobody issues is refused in words of our own', async () => {
  expect(await take('pension-for-cats')).toEqual({ outcome: 'refused', refusal: 'not-offered', words: '' })
})

test('a result comes as its issuer made it', async () => {
  const wanted = await resultOfZhang()
  expect(await errands.document(wanted)).toMatchObject({ ok: true, pages: wanted.document.pages })
})

test('a handle that is older than ten minutes is asked for anew by the card, and is gone without it', async () => {
  const wanted = await resultOfZhang()
  far.hall.clock.advance(11 * MS_PER_MINUTE)
  await far.client.time()
  expect(await errands.document({ ...wanted, card: null })).toEqual({ ok: false, problem: 'gone' })
  expect(await errands.document(wanted)).toMatchObject({ ok: true })
})

test('a line that is down is said; nothing was made', async () => {
  await far.line.close()
  // The first try may still meet the connection that was kept open.
  await expect.poll(() => take('tax-record')).toEqual({ outcome: 'dead-end', deadEnd: 'line-down' })
})

test('an answer that is lost on the way is not known, and asked again is the same proof', async () => {
  const key = randomUUID()
  far.line.silence()
  const lost = take('social-insurance', key)
  // The hall has made it when its log of the request is written; then the cable goes.
  await expect.poll(() => far.log.text(), { timeout: 10_000 }).toContain('/v1/proofs')
  far.line.cut()
  expect(await lost).toEqual({ outcome: 'unknown' })
  far.line.mend()
  const again = codeOf(await take('social-insurance', key, null))
  expect(again).toMatch(/^[0-9A-Za-z-]{4,64}$/)
  expect(codeOf(await take('social-insurance', key, null))).toBe(again)
})

const pdfOf = (pages: number): Uint8Array =>
  Buffer.from(
    `%PDF-1.4\n1 0 obj\n<< /Type /Pages /Count ${pages} >>\nendobj\n${'<< /Type /Page >>\n'.repeat(pages)}%%EOF`,
    'latin1',
  )

test.each([
  ['no PDF at all', Buffer.from('<html>'), 'unusable'],
  ['cut off in the midst', Buffer.from(pdfOf(1)).subarray(0, 30), 'unusable'],
  ['locked', Buffer.from(`${Buffer.from(pdfOf(1)).toString('latin1')}/Encrypt 2 0 R`), 'unusable'],
  ['of 900 pages', pdfOf(900), 'too-long'],
  ['of two pages where one was told', pdfOf(2), 'unusable'],
  ['larger than 32 MiB', new Uint8Array(33 * 1024 * 1024), 'too-long'],
] as const)('what is %s never reaches a printer', async (_what, bytes, problem) => {
  expect(await checkedPaper(bytes, 1)).toEqual({ ok: false, problem })
})

test('a hall that sends no PDF, or more than is ever printed, is not believed', async () => {
  let answer = { type: 'text/html', body: Buffer.from('<h1>proxy</h1>') }
  const liar: Server = createServer((_request, response) => {
    response.writeHead(200, { 'content-type': answer.type }).end(answer.body)
  })
  await new Promise<void>((listening) => liar.listen(0, '127.0.0.1', listening))
  const url = `http://127.0.0.1:${(liar.address() as AddressInfo).port}`
  const identity = loadIdentity(newFolder())
  const lied = proofErrands({ client: createHallClient({ url, identity }), identity })
  const wanted: DocumentWanted = {
    caseNo: 'YX1',
    document: { handle: 'A'.repeat(22), kind: 'result', title: '普通护照', pages: 1 },
    card: null,
  }
  expect(await lied.document(wanted)).toEqual({ ok: false, problem: 'unusable' })
  answer = { type: 'application/pdf', body: Buffer.from(pdfOf(900)) }
  expect(await lied.document(wanted)).toEqual({ ok: false, problem: 'too-long' })
  answer = { type: 'application/pdf', body: Buffer.alloc(33 * 1024 * 1024) }
  expect(await lied.document(wanted)).toEqual({ ok: false, problem: 'too-long' })
  liar.closeAllConnections()
  await new Promise((closed) => liar.close(closed))
})
