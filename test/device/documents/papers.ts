/** What the tests of papers share: the guides in use, a hall, a form, and the tools that read paper back. */
import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { inflateSync } from 'node:zlib'
import type { PaperForm } from '../../../sync/protocol/cases.ts'
import { Guide, Hall } from '../../../sync/protocol/content.ts'

const GUIDES = new URL('../../../sync/hall/demo/guides/', import.meta.url)

export const guides: readonly Guide[] = readdirSync(GUIDES)
  .filter((name) => name.endsWith('.json'))
  .sort()
  .map((name) => Guide.parse(JSON.parse(readFileSync(new URL(name, GUIDES), 'utf8'))))

export function guideNamed(name: string): Guide {
  const guide = guides.find((candidate) => candidate.name === name)
  if (!guide) throw new Error(`no guide is named ${name}`)
  return guide
}

export const printedAt = new Date('2026-11-21T20:14:05+08:00')

export const hall: Hall = Hall.parse({
  name: '星桥区政务服务中心',
  nameEnglish: 'Xingqiao Government Service Centre',
  area: '自助服务区',
  areaEnglish: 'Self-service area',
  address: '星桥区灯塔路7号',
  hours: [{ weekdays: [1, 2, 3, 4, 5], opens: '08:30', closes: '17:00' }],
  helpPhone: '0000-11100',
  helpPhoneNote: '昼夜有人接听',
  helpPhoneNoteEnglish: 'Answered day and night',
  disciplinePhone: '0000-12388',
  windows: [],
})

export const receiptForm: PaperForm = {
  title: '收件凭证',
  documentNumber: null,
  caseNo: 'XQ2026110007K3',
  itemName: '普通护照申领',
  applicantMasked: '䶮*',
  phoneMasked: '130***0416',
  office: '星桥区公安分局',
  statements: ['您的材料已于2026年11月20日收下，清单附后，请核对。', '由𬭎字窗口转交。'],
  materials: [
    { name: '居民身份证', source: '申请人' },
    { name: '中国公民出入境证件申请表', source: '现场填写' },
  ],
  legalBasis: [],
  issuedAt: '2026-11-20T23:30:00+08:00',
  issuedBy: '05号窗口',
  questionPhone: '0000-88000102',
  objection: null,
}

export const noticeForm: PaperForm = {
  ...receiptForm,
  title: '不予受理通知书',
  documentNumber: '星桥不受〔2026〕0007号',
  statements: [
    '您的申请经核对，决定不予受理。',
    '理由：不属于本局职权范围。',
    '怎样就能办：请到户籍所在地办理。',
  ],
  legalBasis: ['《中华人民共和国行政许可法》第三十二条'],
  objection: '不服本决定的，可以自收到本通知书之日起60日内申请行政复议。',
}

/** Without white space: how a text is broken into lines is no part of it. */
export function packed(text: string): string {
  return text.replace(/\s/gu, '')
}

function tool(name: string, args: readonly string[], input: Uint8Array): Buffer {
  return execFileSync(name, args, { input, maxBuffer: 64 * 1024 * 1024, stdio: ['pipe', 'pipe', 'pipe'] })
}

/** The same paper is read back by several tests: each tool looks at it once. */
function once<T>(read: (pdf: Uint8Array) => T): (pdf: Uint8Array) => T {
  const known = new WeakMap<Uint8Array, T>()
  return (pdf) => {
    const answer = known.get(pdf) ?? read(pdf)
    known.set(pdf, answer)
    return answer
  }
}

/** In the order in which it is drawn. */
export const textOf = once((pdf) => tool('pdftotext', ['-raw', '-', '-'], pdf).toString('utf8'))

/** What is read aloud: tagged text in the order of the structure, without heads and feet of pages. */
export function spokenTextOf(pdf: Uint8Array): string {
  const text = tool('pdfinfo', ['-struct-text', '-'], pdf).toString('utf8')
  // Every line of content stands in quotation marks of its own, indented by depth.
  return [...text.matchAll(/^\s*"(.*)"$/gmu)].map(([, line]) => line).join('\n')
}

export function structureOf(pdf: Uint8Array): string[] {
  const text = tool('pdfinfo', ['-struct', '-'], pdf).toString('utf8')
  return text.split('\n').map((line) => line.trim().split(/[ (]/)[0] ?? '')
}

export function infoOf(pdf: Uint8Array): string {
  return tool('pdfinfo', ['-'], pdf).toString('utf8')
}

/** Objects that are no streams: they lie packed in one (ISO 32000-1 §7.5.7). */
export function objectsOf(pdf: Uint8Array): string {
  const file = Buffer.from(pdf)
  const opens = file.indexOf('stream\n', file.indexOf('/ObjStm')) + 'stream\n'.length
  return inflateSync(file.subarray(opens, file.indexOf('endstream', opens))).toString('latin1')
}

/** Every code that a scanner finds on page 1 at the resolution of a cheap laser's draft. */
export function codesOn(pdf: Uint8Array): { symbology: string; value: string }[] {
  const png = tool('pdftoppm', ['-r', '200', '-png', '-f', '1', '-singlefile', '-'], pdf)
  const found = tool('zbarimg', ['-q', '-'], png).toString('utf8')
  return found
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const colon = line.indexOf(':')
      return { symbology: line.slice(0, colon), value: line.slice(colon + 1) }
    })
    .sort((one, other) => one.symbology.localeCompare(other.symbology))
}

export interface Word {
  text: string
  xMin: number
  xMax: number
  yMin: number
  yMax: number
}

/** Words of each page, in points from the upper left. */
export const wordsOf = once((pdf): Word[][] => {
  const html = tool('pdftotext', ['-bbox', '-', '-'], pdf).toString('utf8')
  return html
    .split('<page ')
    .slice(1)
    .map((page) =>
      [
        ...page.matchAll(
          /<word xMin="([\d.-]+)" yMin="([\d.-]+)" xMax="([\d.-]+)" yMax="([\d.-]+)">(.*?)<\/word>/gu,
        ),
      ].map(([, xMin, yMin, xMax, yMax, text]) => ({
        text: text ?? '',
        xMin: Number(xMin),
        yMin: Number(yMin),
        xMax: Number(xMax),
        yMax: Number(yMax),
      })),
    )
})
