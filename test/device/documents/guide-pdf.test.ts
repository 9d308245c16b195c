import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Documents, type Pdf, startDocuments } from '../../../device/documents/documents.ts'
import type { Guide } from '../../../sync/protocol/content.ts'
import {
  guideNamed,
  guides,
  hall,
  infoOf,
  objectsOf,
  packed,
  printedAt,
  spokenTextOf,
  structureOf,
  textOf,
  wordsOf,
} from './papers.ts'

const PAGE = { left: 53.8, right: 541.5, top: 28, bottom: 823 }
/** A closing sign at the end of a line is half empty; pdftotext counts its whole square. */
const HALF_SQUARE_POINTS = 9
const PAGES_MAXIMUM = 3

let documents: Documents
const printed = new Map<Guide, Pdf>()

beforeAll(async () => {
  documents = await startDocuments()
  for (const guide of guides) printed.set(guide, await documents.guidePdf({ guide, hall, printedAt }))
}, 60_000)

afterAll(() => documents.close())

function paperOf(guide: Guide): Pdf {
  const paper = printed.get(guide)
  if (!paper) throw new Error(`${guide.name} was not printed`)
  return paper
}

test('all 42 guides in use are tried', () => {
  expect(guides).toHaveLength(42)
})

describe.each(guides.map((guide) => ({ guide, name: guide.name })))('the guide $name', ({ guide }) => {
  test('shows every field of an 办事指南', () => {
    const text = packed(spokenTextOf(paperOf(guide).pdf))
    const wanted = [
      `事项名称${guide.name}`,
      `基本编码${guide.baseCode}`,
      `实施编码${guide.itemCode}`,
      `实施部门${guide.office}`,
      guide.forWhom,
      guide.result,
      guide.place,
      guide.hours,
      `咨询电话${guide.questionPhone}`,
      `投诉电话${guide.complaintPhone}`,
      guide.fee.amount,
      `收费依据${guide.fee.basis}`,
      `指南版本${guide.version}`,
      { immediate: '办件类型即办件', promised: '办件类型承诺件', joint: '办件类型联办件' }[guide.kind],
      `服务对象${guide.audience.map((who) => (who === 'person' ? '个人' : '企业')).join('、')}`,
      guide.promisedWorkingDays === 0 ? '承诺时限当场办好' : `承诺时限${guide.promisedWorkingDays}个工作日内`,
      guide.statutoryWorkingDays === null
        ? '法定时限法律法规未规定时限'
        : `法定时限${guide.statutoryWorkingDays}个工作日`,
      ...guide.applyBy.map(
        (way) => ({ window: '到窗口', terminal: '自助终端', online: '网上', post: '邮寄' })[way],
      ),
      ...guide.legalBasis.flatMap(({ title, clause }) => [title, clause]),
      ...guide.conditions.map((condition, index) => `${index + 1}.${condition}`),
      ...guide.materials.map((material) =>
        [
          material.name,
          material.note ?? '',
          material.originals > 0 ? `${material.originals}份` : '—',
          material.copies > 0 ? `${material.copies}份` : '—',
          {
            applicant: '自己准备',
            office: '部门出具',
            form: '现场填写',
            'shared-data': '联网调取',
          }[material.source],
          material.mayFollow ? '可以' : '—',
        ].join(''),
      ),
      ...guide.steps.map(
        ({ name, what, workingDays }, index) =>
          `${index + 1}${name}${what}${workingDays === null ? '当场' : `${workingDays}个工作日`}`,
      ),
      ...guide.faq.flatMap(({ question, answer }) => [question, answer]),
    ]
    expect(wanted.map(packed).filter((words) => !text.includes(words))).toEqual([])
  })

  test('names on every page the hall, whom to call, the version and the number of the page', () => {
    const { pdf, pages } = paperOf(guide)
    expect(pages).toBeLessThanOrEqual(PAGES_MAXIMUM)
    const texts = textOf(pdf).split('\f').slice(0, -1).map(packed)
    expect(texts).toHaveLength(pages)
    for (const [index, text] of texts.entries()) {
      for (const words of [
        hall.name,
        `咨询${guide.questionPhone}`,
        `投诉${guide.complaintPhone}`,
        hall.helpPhone,
        `版本${guide.version}`,
        '打印于2026年11月21日20:14',
        `第${index + 1}页共${pages}页`,
      ]) {
        expect(text).toContain(words)
      }
    }
  })

  test('keeps every word inside the margins and off its neighbours', () => {
    const pages = wordsOf(paperOf(guide).pdf)
    for (const words of pages) {
      expect(words.length).toBeGreaterThan(20)
      for (const word of words) {
        expect(word.xMin, word.text).toBeGreaterThanOrEqual(PAGE.left - HALF_SQUARE_POINTS)
        expect(word.xMax, word.text).toBeLessThanOrEqual(PAGE.right + HALF_SQUARE_POINTS)
        expect(word.yMin, word.text).toBeGreaterThanOrEqual(PAGE.top)
        expect(word.yMax, word.text).toBeLessThanOrEqual(PAGE.bottom)
      }
      expect(overlapping(words)).toEqual([])
    }
  })
})

/** Pairs of words whose ink would touch: boxes hold the fonts' white above and below as well. */
function overlapping(words: ReturnType<typeof wordsOf>[number]): string[] {
  const WHITE_PART = 0.18
  const boxes = words.map((word) => {
    const white = (word.yMax - word.yMin) * WHITE_PART
    return { ...word, yMin: word.yMin + white, yMax: word.yMax - white }
  })
  return boxes.flatMap((one, index) =>
    boxes
      .slice(index + 1)
      .filter(
        (other) =>
          Math.min(one.xMax, other.xMax) - Math.max(one.xMin, other.xMin) > HALF_SQUARE_POINTS &&
          Math.min(one.yMax, other.yMax) - Math.max(one.yMin, other.yMin) > 0,
      )
      .map((other) => `${one.text} / ${other.text}`),
  )
}

test('nearly every guide fits on one sheet, front and back', () => {
  const long = guides.filter((guide) => paperOf(guide).pages > 2)
  expect(long.length).toBeLessThanOrEqual(2)
})

test('a flow stays on one page when no page is saved by tearing it', () => {
  const guide = guideNamed('义务教育入学登记')
  const pages = textOf(paperOf(guide).pdf).split('\f').map(packed)
  const holding = guide.steps.map(({ what }) => pages.findIndex((text) => text.includes(packed(what))))
  expect(new Set(holding).size).toBe(1)
})

test('what to bring, how long, what it costs and where stand on the first page', () => {
  for (const guide of guides) {
    const [first = ''] = textOf(paperOf(guide).pdf).split('\f').map(packed)
    const wanted = [
      guide.place,
      guide.fee.amount,
      guide.hours,
      guide.promisedWorkingDays === 0 ? '当场办好' : `${guide.promisedWorkingDays}个工作日内`,
      ...guide.materials.map(({ name }) => name),
    ]
    expect(
      wanted.map(packed).filter((words) => !first.includes(words)),
      guide.name,
    ).toEqual([])
  }
})

test('a heading never stands alone at the foot of a page', () => {
  const headings = ['要准备的材料', '办理流程', '符合这些条件可以办', '常问的问题', '依据与编码']
  for (const guide of guides) {
    for (const words of wordsOf(paperOf(guide).pdf)) {
      const text = words.filter((word) => word.yMax < 790)
      const lowest = Math.max(...text.map((word) => word.yMax))
      const last = text.filter((word) => word.yMax > lowest - 2).map((word) => word.text)
      expect(headings.filter((heading) => last.includes(heading))).toEqual([])
    }
  }
})

test('a reader of the screen hears title, headings, lists and a table, in Chinese', () => {
  const guide = guideNamed('存量房转移登记')
  const { pdf } = paperOf(guide)
  const info = infoOf(pdf)
  expect(info).toMatch(/^Title:\s+办事指南 · 存量房转移登记$/m)
  expect(info).toMatch(/^Tagged:\s+yes$/m)
  expect(info).toMatch(/^Page size:.*A4/m)
  const bytes = objectsOf(pdf)
  expect(bytes).toContain('/Lang (zh-CN)')
  expect(bytes).toContain('/DisplayDocTitle true')
  const structure = structureOf(pdf)
  const count = (type: string) => structure.filter((name) => name === type).length
  expect(count('H1')).toBe(1)
  expect(count('H2')).toBe(5)
  expect(count('TR')).toBe(1 + guide.materials.length + 7)
  expect(count('LI')).toBe(guide.steps.length + guide.conditions.length)
  expect(count('Lbl')).toBe(count('LI'))
})

test('rare characters come out of the paper as they went in', async () => {
  const rare = '䶮𬭎㛃𠅤·龦'
  const guide: Guide = { ...guideNamed('结婚登记'), forWhom: `名字里有${rare}的人。` }
  const { pdf } = await documents.guidePdf({ guide, hall, printedAt })
  expect(packed(textOf(pdf))).toContain(`名字里有${rare}的人。`)
})

test('a character that no font has is a sign of its own and is told below, never an empty box', async () => {
  const guide: Guide = { ...guideNamed('结婚登记'), forWhom: '带着\u{1f3e0}来的人。' }
  const text = packed(textOf((await documents.guidePdf({ guide, hall, printedAt })).pdf))
  expect(text).toContain('带着〓来的人。')
  expect(text).toContain('“〓”处是本机字库没有的字（U+1F3E0），请到窗口核对。')
})

test('a table of sixty materials goes on under its head on the next page', async () => {
  const one = guideNamed('存量房转移登记').materials[0]
  if (!one) throw new Error('a guide without materials')
  const materials = Array.from({ length: 60 }, (_, index) => ({ ...one, name: `材料第${index + 1}号` }))
  const guide: Guide = { ...guideNamed('存量房转移登记'), materials }
  const { pdf, pages } = await documents.guidePdf({ guide, hall, printedAt })
  const texts = textOf(pdf).split('\f').map(packed)
  const carrying = texts.filter((text) => text.includes('材料第'))
  expect(carrying.length).toBeGreaterThan(2)
  for (const text of carrying) expect(text).toContain('材料原件复印件来源容缺后补')
  expect(packed(spokenTextOf(pdf)).match(/材料原件复印件来源容缺后补/g)).toHaveLength(1)
  for (let number = 1; number <= 60; number += 1) expect(texts.join('')).toContain(`材料第${number}号`)
  expect(pages).toBeLessThan(9)
})
