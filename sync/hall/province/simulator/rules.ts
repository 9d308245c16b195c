/** What a strict province checks of a record: every field, code, length and date, before it believes any of it. */
import { labelsOf } from '../../../protocol/dictionary.ts'
import type { LevelNumber } from '../../../protocol/levels.ts'
import { fromChinaTime } from '../china-time.ts'
import type { ProvinceProfile, RecordShape } from '../profile-schema.ts'
import type { RecordValue } from '../values.ts'

/** A time may lie so far ahead of the province's own day: clocks differ, centuries do not. */
const AHEAD_MS = 24 * 60 * 60 * 1000

const DICTIONARY = '2019.1'

/** By this project's own names; texts as they came. */
export type ReadRecord = Partial<Record<RecordValue, string>>

export type Checked = { ok: true; values: ReadRecord } | { ok: false; words: string }

const TIMES = ['acceptedAt', 'finishedAt', 'servedAt', 'askedAt', 'capturedAt'] as const

export function checkRecord(
  record: Record<string, unknown>,
  shape: RecordShape,
  profile: ProvinceProfile,
  now: Date,
): Checked {
  const known = new Set([...Object.keys(shape.fields), ...Object.keys(shape.constants)])
  const stranger = Object.keys(record).find((field) => !known.has(field))
  if (stranger !== undefined) return refused(`${stranger}不是规定的字段`)
  for (const field of known) {
    const value = record[field]
    if (typeof value !== (shape.numbers.includes(field) ? 'number' : 'string'))
      return refused(`${field}类型错误`)
    const text = String(value)
    if (shape.required.includes(field) && text === '') return refused(`${field}不能为空`)
    const room = shape.lengths[field]
    if (room !== undefined && [...text].length > room) return refused(`${field}长度超过${room}`)
    const constant = shape.constants[field]
    if (constant !== undefined && text !== constant) return refused(`${field}取值错误`)
  }
  const values: ReadRecord = {}
  for (const [field, value] of Object.entries(shape.fields)) {
    const text = String(record[field])
    if (values[value] !== undefined && values[value] !== text) return refused(`${field}前后不一致`)
    values[value] = text
  }
  if (values.caseState !== profile.codes.caseState['to-be-accepted']) {
    const missing = shape.requiredOnceAccepted.find((field) => record[field] === '')
    if (missing !== undefined) return refused(`${missing}不能为空`)
  }
  return checkTimes(values, profile, now) ?? checkCodes(values, profile) ?? { ok: true, values }
}

function checkTimes(values: ReadRecord, { timeFormat }: ProvinceProfile, now: Date): Checked | null {
  for (const name of TIMES) {
    const text = values[name]
    if (text === undefined || text === '') continue
    const at = fromChinaTime(text, timeFormat)
    if (at === null) return refused(`时间格式错误：${timeFormat}`)
    if (at.getTime() > now.getTime() + AHEAD_MS) return refused('时间晚于当前时间')
  }
  return null
}

function checkCodes(
  values: ReadRecord,
  { codes, labelSeparator, reasonWantedBelow }: ProvinceProfile,
): Checked | null {
  const lists = {
    level: codes.level,
    channel: codes.channel,
    caseState: codes.caseState,
    caseKind: codes.caseKind,
    userType: codes.userType,
  }
  for (const [name, list] of Object.entries(lists)) {
    const code = values[name as keyof typeof lists]
    if (code !== undefined && !(Object.values(list) as string[]).includes(code))
      return refused(`${name}代码不在代码表内`)
  }
  if (values.level === undefined) return null
  const level = levelOf(values.level, codes.level)
  const labels = (values.labels ?? '').split(labelSeparator).filter((label) => label !== '')
  const allowed = labelsOf(DICTIONARY, level)?.map(({ code }) => code) ?? []
  if (labels.some((label) => !allowed.includes(label))) return refused('评价详情不在该等级的代码表内')
  if (new Set(labels).size !== labels.length) return refused('评价详情重复')
  if (level < reasonWantedBelow && labels.length === 0 && (values.comment ?? '') === '')
    return refused('差评必须填写评价详情或文字评价')
  if (values.assessNumber !== undefined && !['1', '2'].includes(values.assessNumber))
    return refused('评价次数取值错误')
  return null
}

export function levelOf(code: string, codes: ProvinceProfile['codes']['level']): LevelNumber {
  const found = Object.entries(codes).find(([, candidate]) => candidate === code)?.[0]
  return Number(found) as LevelNumber
}

const refused = (words: string): Checked => ({ ok: false, words })
