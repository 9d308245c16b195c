/** Ratings, and questions that were not answered, as whoever is on duty reads them in a spreadsheet. */
import { z } from 'zod'
import { labelsOf } from '../../protocol/dictionary.ts'
import { type EventData, eventData, eventType } from '../../protocol/events.ts'
import { Instant } from '../../protocol/identifiers.ts'
import type { LevelNumber } from '../../protocol/levels.ts'
import type { ReceivedEvent } from '../store/store.ts'
import { type Cell, csvLine } from './csv.ts'
import { isWithin, type Range } from './day-range.ts'

const levelWords: Record<LevelNumber, string> = {
  5: '非常满意',
  4: '满意',
  3: '基本满意',
  2: '不满意',
  1: '非常不满意',
}
const outcomeWords = { 'not-now': '暂不评价', 'timed-out': '超时未评', cancelled: '已取消' } as const
const channelWords = { pad: '窗口评价器', terminal: '自助终端', keypad: '按键评价器' } as const
const proofWords = { none: '无', receipt: '凭条', card: '身份证' } as const

const HEADING = [
  '时间',
  '结果',
  '等级',
  '满意度',
  '标签',
  '有文字评价', // the words themselves are sealed
  '匿名',
  '原因待补',
  '评价次数',
  '窗口',
  '工作人员编号',
  '事项编码',
  '事项名称',
  '办件编号',
  '服务名称',
  '服务次序',
  '排队号',
  '渠道',
  '身份核验',
  '时钟已校准',
  '设备编号',
  '设备名称',
  '收到时间',
  '链',
  '序号',
] as const

export const ratingsHeading = csvLine(HEADING)

export type RatingLine = { line: string } | 'other-type' | 'unreadable' | 'outside' | 'wrong-clock'

/**
 * The line of one event whose own time, the one that is shown, lies in the range; what is sealed stays sealed.
 * @param deviceName as it was enrolled
 */
export function ratingLine(event: ReceivedEvent, deviceName: string, range: Range): RatingLine {
  const type = eventType(event.type)
  if (type !== 'rating' && type !== 'rating-declined') return 'other-type'
  const value = dataOf(event.text)
  const at = shownTime(value)
  if (at === null) return 'unreadable'
  const place = isWithin(at, range)
  if (place !== 'within') return place
  const tail = [event.deviceId, deviceName, inChina(event.receivedAt), event.epoch, event.sequence]
  if (type === 'rating') {
    const rating = eventData.rating.safeParse(value)
    return rating.success ? { line: csvLine([...rated(rating.data), ...tail]) } : 'unreadable'
  }
  const declined = eventData['rating-declined'].safeParse(value)
  return declined.success ? { line: csvLine([...unanswered(declined.data), ...tail]) } : 'unreadable'
}

type Cells = Cell[]

function rated(rating: EventData<'rating'>): Cells {
  const level = rating.level as LevelNumber
  return [
    inChina(new Date(rating.capturedAt)),
    '已评价',
    level,
    levelWords[level],
    labelWords(rating).join('；'),
    yesNo(rating.comment !== null),
    yesNo(rating.anonymous),
    yesNo(rating.reasonPending),
    rating.assessNumber,
    rating.staff.window,
    rating.staff.staffId,
    ...caseCells(rating.case),
    channelWords[rating.channel],
    proofWords[rating.proof],
    yesNo(rating.clock.synchronized),
  ]
}

function unanswered(declined: EventData<'rating-declined'>): Cells {
  const nothing = ['', '', '', '', '', '', '']
  return [
    inChina(new Date(declined.askedAt)),
    outcomeWords[declined.outcome],
    ...nothing,
    declined.staff.window,
    declined.staff.staffId,
    ...caseCells(declined.case),
    '',
    '',
    '',
  ]
}

function caseCells(rated: EventData<'rating'>['case']): Cells {
  if (rated === null) return ['', '', '', '', '', '']
  const { itemCode, itemName, caseNo, serviceName, serviceNumber, ticketNo } = rated
  return [itemCode, itemName, caseNo, serviceName, serviceNumber, ticketNo ?? '']
}

/** The words of the labels; a code of a dictionary that is not known here stays a code. */
function labelWords({ dictionary, level, labels }: EventData<'rating'>): string[] {
  const known = labelsOf(dictionary, level as LevelNumber) ?? []
  return labels.map((code) => known.find((label) => label.code === code)?.text ?? code)
}

const yesNo = (value: boolean): string => (value ? '是' : '否')

/** `2026-11-21 20:14:05`, by China's clock whatever this machine's. */
function inChina(at: Date): Cell {
  const hours = 8
  const local = new Date(at.getTime() + hours * 60 * 60 * 1000)
  return { shown: local.toISOString().slice(0, 19).replace('T', ' ') }
}

const OwnTime = z.union([
  z.looseObject({ capturedAt: Instant }).transform(({ capturedAt }) => capturedAt),
  z.looseObject({ askedAt: Instant }).transform(({ askedAt }) => askedAt),
])

function shownTime(data: unknown): Date | null {
  const read = OwnTime.safeParse(data)
  return read.success ? new Date(read.data) : null
}

const WithData = z.looseObject({ data: z.unknown() })

function dataOf(text: string): unknown {
  try {
    return WithData.parse(JSON.parse(text)).data
  } catch {
    return null
  }
}
