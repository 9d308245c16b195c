import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Documents, startDocuments } from '../../../device/documents/documents.ts'
import type { PaperForm, PaperKind } from '../../../sync/protocol/cases.ts'
import {
  codesOn,
  hall,
  infoOf,
  noticeForm,
  objectsOf,
  packed,
  printedAt,
  receiptForm,
  spokenTextOf,
  structureOf,
  textOf,
  wordsOf,
} from './papers.ts'

let documents: Documents

beforeAll(async () => {
  documents = await startDocuments()
})

afterAll(() => documents.close())

const paper = (form: PaperForm, kind: PaperKind) => documents.paperPdf({ form, kind, hall, printedAt })

describe.each([
  { kind: 'receipt', form: receiptForm, date: '收件日期' },
  { kind: 'acceptance', form: { ...noticeForm, title: '受理通知书' }, date: '受理日期' },
  { kind: 'supplement', form: { ...noticeForm, title: '补办件通知书' }, date: '通知日期' },
  { kind: 'return', form: { ...noticeForm, title: '退回件通知书' }, date: '退回日期' },
  { kind: 'not-accepted', form: noticeForm, date: '决定日期' },
] as const)('the paper of kind $kind', ({ kind, form, date }) => {
  test('says all that its form says, on one page', async () => {
    const { pdf, pages } = await paper(form, kind)
    expect(pages).toBe(1)
    const text = packed(textOf(pdf))
    const wanted = [
      form.title,
      form.caseNo,
      `申请人${form.applicantMasked}`,
      `联系电话${form.phoneMasked}`,
      `办理事项${form.itemName}`,
      `${date}2026年11月20日`,
      form.office,
      `开具：${form.issuedBy}`,
      `咨询电话${form.questionPhone}`,
      ...form.statements,
      ...form.materials.map(({ name, source }, index) => `${index + 1}${name}${source}`),
      ...form.legalBasis,
      '扫码查进度',
      hall.name,
      `投诉${hall.disciplinePhone}`,
      '第1页共1页',
    ]
    if (form.documentNumber) wanted.push(`文书编号：${form.documentNumber}`)
    if (form.objection) wanted.push(`有异议${form.objection}`)
    expect(wanted.map(packed).filter((words) => !text.includes(words))).toEqual([])
  })

  test('carries the bare case number as Code 128 and QR, both read at 200 dpi', async () => {
    const { pdf } = await paper(form, kind)
    expect(codesOn(pdf)).toEqual([
      { symbology: 'CODE-128', value: form.caseNo },
      { symbology: 'QR-Code', value: form.caseNo },
    ])
  })

  test('is tagged, in Chinese, and named by its title, not by anybody', async () => {
    const { pdf } = await paper(form, kind)
    const info = infoOf(pdf)
    expect(info).toMatch(new RegExp(`^Title:\\s+${form.title}$`, 'm'))
    expect(info).toMatch(/^Tagged:\s+yes$/m)
    expect(info).not.toContain(form.applicantMasked)
    expect(objectsOf(pdf)).toContain('/Lang (zh-CN)')
    const structure = structureOf(pdf)
    expect(structure.filter((name) => name === 'H1')).toHaveLength(1)
    expect(structure.filter((name) => name === 'Figure')).toHaveLength(2)
    expect(structure).toContain('Table')
  })

  test('stays inside its margins', async () => {
    for (const words of wordsOf((await paper(form, kind)).pdf)) {
      for (const word of words) {
        expect(word.xMin, word.text).toBeGreaterThanOrEqual(45)
        expect(word.xMax, word.text).toBeLessThanOrEqual(550)
        expect(word.yMax, word.text).toBeLessThanOrEqual(823)
      }
    }
  })
})

test('a receipt says that it is no acceptance, once, whether its form says so or not', async () => {
  const silent = packed(textOf((await paper(receiptForm, 'receipt')).pdf))
  expect(silent.match(/不代表受理/g)).toHaveLength(1)
  const form = { ...receiptForm, statements: ['本凭证不代表受理。'] }
  const telling = packed(textOf((await paper(form, 'receipt')).pdf))
  expect(telling.match(/不代表受理/g)).toHaveLength(1)
  expect(packed(textOf((await paper(noticeForm, 'not-accepted')).pdf))).not.toContain('不代表受理')
})

test('notices have a place for the seal and a line to sign on; a receipt has neither', async () => {
  for (const kind of ['acceptance', 'supplement', 'return', 'not-accepted'] as const) {
    const text = packed(textOf((await paper(noticeForm, kind)).pdf))
    expect(text).toContain('盖章处')
    expect(text).toContain('申请人签收')
  }
  const receipt = packed(textOf((await paper(receiptForm, 'receipt')).pdf))
  expect(receipt).not.toContain('盖章处')
  expect(receipt).not.toContain('签收')
})

test('the longest case number is still read at 200 dpi', async () => {
  const caseNo = 'XQ7K3MZP9WQ4RT8YH2NB6VC5DFGJLSAEUX0123456789ABCDEF'
  expect(caseNo).toHaveLength(50)
  const { pdf } = await paper({ ...receiptForm, caseNo }, 'receipt')
  expect(codesOn(pdf).map(({ value }) => value)).toEqual([caseNo, caseNo])
})

test('rare characters in a masked name come out of the paper as they went in', async () => {
  const text = packed(textOf((await paper(receiptForm, 'receipt')).pdf))
  expect(text).toContain('申请人䶮*')
  expect(text).toContain('由𬭎字窗口转交。')
})

test('a notice of many pages loses no word and numbers its pages', async () => {
  const statements = Array.from(
    { length: 40 },
    (_, index) => `第${index + 1}条：${'应当补正的内容如下，'.repeat(12)}完。`,
  )
  const objection = '可以申请行政复议。'.repeat(300)
  const { pdf, pages } = await paper({ ...noticeForm, statements, objection }, 'supplement')
  expect(pages).toBeGreaterThan(4)
  const spoken = packed(spokenTextOf(pdf))
  for (const statement of statements) expect(spoken).toContain(statement)
  expect(spoken).toContain(objection)
  const texts = textOf(pdf).split('\f').map(packed)
  for (let page = 1; page <= pages; page += 1) expect(texts[page - 1]).toContain(`第${page}页共${pages}页`)
  for (const words of wordsOf(pdf)) {
    for (const word of words) expect(word.yMax, word.text).toBeLessThanOrEqual(823)
  }
})

test('a material described in two thousand characters is torn over pages, not cut off', async () => {
  const name = '由窗口工作人员当面核对并签名确认的材料。'.repeat(100)
  const { pdf } = await paper({ ...noticeForm, materials: [{ name, source: '申请人' }] }, 'return')
  expect(packed(spokenTextOf(pdf))).toContain(name)
  for (const words of wordsOf(pdf)) {
    for (const word of words) expect(word.yMax, word.text).toBeLessThanOrEqual(823)
  }
})

test('the seal never stands on a page without text of the notice', async () => {
  for (let lines = 1; lines <= 16; lines += 1) {
    const statements = Array.from({ length: lines }, (_, index) => `第${index + 1}项决定如下。`)
    const { pdf } = await paper({ ...noticeForm, statements }, 'not-accepted')
    const sealed = textOf(pdf)
      .split('\f')
      .map(packed)
      .filter((text) => text.includes('盖章处'))
    expect(sealed).toHaveLength(1)
    expect(sealed[0]).toContain('咨询电话')
  }
})

test('controls and marks that turn the reading order round never reach paper', async () => {
  const itemName = '普通\u202e护照\u0007\u200b申领\ufe0f'
  const text = textOf((await paper({ ...receiptForm, itemName }, 'receipt')).pdf)
  expect(packed(text)).toContain('办理事项普通护照申领')
  expect(text).not.toMatch(/\u202e|\u200b|\u0007|\ufe0f/u)
})
