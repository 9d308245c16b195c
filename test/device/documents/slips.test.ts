import { execFileSync } from 'node:child_process'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  type Documents,
  type Slip,
  slipReceipt,
  startDocuments,
} from '../../../device/documents/documents.ts'
import type { ReceiptDocument } from '../../../drivers/receipt-printer/document.ts'
import { onPaper } from '../../drivers/receipt-printer/paper-dots.ts'
import { sampleHall } from '../support/samples.ts'
import { codesOn, infoOf, objectsOf, packed, printedAt, spokenTextOf, textOf } from './papers.ts'
import { feedback, inEnglish, pickup, proof, slips, ticket } from './slip-samples.ts'

let documents: Documents
beforeAll(async () => {
  documents = await startDocuments()
})
afterAll(() => documents.close())

const onA4 = (slip: Slip) => documents.slipPdf({ slip, hall: sampleHall, printedAt })
const onReceipt = (slip: Slip) => slipReceipt(slip, sampleHall, printedAt)

function wordsOf({ elements }: ReceiptDocument): string {
  const words = elements.map((element) => {
    if (element.kind === 'text') return element.text
    return element.kind === 'columns' ? element.columns.map(({ text }) => text).join('') : ''
  })
  return packed(words.join('\n'))
}

/** What a scanner finds on the dots that come out of the printer. */
function codesInDots(document: ReceiptDocument, profile: string): string[] {
  const { png, errors } = onPaper(document, profile)
  expect(errors).toEqual([])
  const found = execFileSync('zbarimg', ['-q', '--raw', '-'], {
    input: png,
    stdio: ['pipe', 'pipe', 'ignore'],
  })
  return found.toString('utf8').trim().split('\n')
}

/** DOMAIN.md §3: what each must show; the same words on either paper. */
const MUST_SHOW: { slip: Slip; shows: string[]; english: string[]; code: string; symbology: string }[] = [
  {
    slip: ticket,
    shows: [
      'A012',
      '公安户籍与居住证',
      '老年人优先',
      '前面还有7人，约25分钟',
      '2026年11月23日09:14',
      '01–04号窗口',
      '11:00–13:30、15:30–17:00',
    ],
    english: [
      'Your number',
      'Household registration',
      '7 waiting, about 25 min',
      '23 Nov 2026 09:14',
      'Quiet',
    ],
    code: 'A012',
    symbology: 'CODE-128',
  },
  {
    slip: pickup,
    shows: [
      '330099202611200042',
      '普通护照申领',
      '1楼A区05号窗口',
      '周一至周五8:30–17:00；周六9:00–12:00',
      '0000-88000102',
      '本人居民身份证原件',
      '到2026年12月31日为止',
    ],
    english: ['Pickup code', 'Mon–Fri 8:30–17:00', 'until 31 Dec 2026'],
    code: '330099202611200042',
    symbology: 'CODE-128',
  },
  {
    slip: feedback,
    shows: [
      '凭此编号询问',
      '7K3M9QTD',
      '来回多跑',
      '存量房转移登记',
      '“䶮”“㛃”“𬭎”“𠅤”',
      '由它牵头答复您',
      '2026年11月24日前（1个工作日内）',
      '热线12345',
      '监督0000-12388',
      '1个工作日内回访',
    ],
    english: ['Ask by this code', '24 Nov 2026', 'Whose turn'],
    code: '7K3M9QTD',
    symbology: 'CODE-128',
  },
  {
    slip: proof,
    shows: [
      '7K3M-9QTD-2W5X-8HNB',
      '社会保险参保证明',
      '云溪区人力资源和社会保障局',
      'https://verify.yunxi.example/',
      '扫码验真伪',
    ],
    english: ['Verification code', 'Proof of social insurance', 'Scan to verify'],
    code: 'https://verify.yunxi.example/7K3M-9QTD-2W5X-8HNB',
    symbology: 'QR-Code',
  },
]

describe.each(MUST_SHOW.map((one) => ({ ...one, kind: one.slip.kind })))('the $kind', (one) => {
  const { slip, shows, english, code, symbology } = one

  test('says all it must on receipt paper and on A4, one page, in the order it is read', async () => {
    const { pdf, pages } = await onA4(slip)
    expect(pages).toBe(1)
    const [heard, received] = [packed(spokenTextOf(pdf)), wordsOf(onReceipt(slip))]
    const [drawn = ''] = [JSON.stringify(onReceipt(slip))]
    // A number drawn as a picture stands as text under its bars.
    const missing = (text: string) =>
      shows.filter((words) => !text.includes(packed(words)) && !(words === code && drawn.includes(words)))
    expect(missing(heard)).toEqual([])
    expect(missing(received)).toEqual([])
  })

  test('has a code that a scanner reads off A4 and off the dots of 80 and of 58 mm paper', async () => {
    const { pdf } = await onA4(slip)
    expect(codesOn(pdf)).toEqual([{ symbology, value: code }])
    for (const profile of ['generic-80', 'generic-58'])
      expect(codesInDots(onReceipt(slip), profile)).toEqual([code])
  })

  test('is tagged, named by its kind and by nobody', async () => {
    const { pdf } = await onA4(slip)
    const info = infoOf(pdf)
    expect(info).toMatch(/^Tagged:\s+yes$/m)
    expect(info).not.toContain(code)
    expect(objectsOf(pdf)).toContain('/Lang (zh-CN)')
  })

  test('has English beside the Chinese in an English session', async () => {
    const text = packed(textOf((await onA4(inEnglish(slip))).pdf))
    const received = wordsOf(onReceipt(inEnglish(slip)))
    for (const words of english) {
      expect(text).toContain(packed(words))
      expect(received).toContain(packed(words))
    }
    expect(text).toContain('云溪区政务服务中心')
  })
})

test('a window’s general hours are not added where the hall has written its own', () => {
  const where = '2楼 B区 15号窗口（工作日 8:30–17:00，周六 9:00–12:00）'
  const words = wordsOf(onReceipt({ ...pickup, slip: { ...pickup.slip, where } }))
  expect(words).toContain(packed(where))
  expect(words).not.toContain('节假日除外')
})

test('a pickup at a locker names no window’s phone', () => {
  const where = '24小时自助服务区取件柜 12号格（一楼东门，昼夜开放）'
  const words = wordsOf(onReceipt({ ...pickup, slip: { ...pickup.slip, where, needs: null } }))
  expect(words).toContain(packed(where))
  expect(words).not.toContain('电话')
})

test('an answer that runs into a year without a calendar says that the day may move', () => {
  const words = wordsOf(onReceipt({ ...feedback, slip: { ...feedback.slip, provisional: true } }))
  expect(words).toContain('答复日可能顺延')
  expect(wordsOf(onReceipt(feedback))).not.toContain('顺延')
})

test('a proof whose issuer has no address says its code and offers nothing to scan', async () => {
  const slip: Slip = { ...proof, slip: { ...proof.slip, address: null } }
  expect(wordsOf(onReceipt(slip))).toContain('凭验证码向出具单位核对真伪')
  expect(onReceipt(slip).elements.some(({ kind }) => kind === 'qr')).toBe(false)
  expect(packed(textOf((await onA4(slip)).pdf))).toContain('7K3M-9QTD-2W5X-8HNB')
})

test('the longest slip loses no word on any paper', async () => {
  const words = '第一句话到此为止。'.repeat(55)
  const said = Array.from({ length: 12 }, (_, index) => ({
    label: `第${index + 1}`,
    text: '很长的说明，'.repeat(33),
  }))
  const slip: Slip = { ...feedback, slip: { ...feedback.slip, words, said } }
  const spoken = packed(spokenTextOf((await onA4(slip)).pdf))
  expect(spoken).toContain(words)
  expect(spoken.split('很长的说明，').length - 1).toBe(12 * 33)
  expect(wordsOf(onReceipt(slip))).toContain(words)
})

test('an address that is no https address is refused, and none of it is in the words of the refusal', async () => {
  const slip = { ...proof, slip: { ...proof.slip, address: 'javascript:alert(1)' } }
  await expect(onA4(slip)).rejects.toMatchObject({
    code: 'invalid',
    message: expect.not.stringContaining('alert'),
  })
})

test('every kind of slip is tried', () => {
  expect(MUST_SHOW.map(({ slip }) => slip.kind)).toEqual(slips.map(({ kind }) => kind))
})
