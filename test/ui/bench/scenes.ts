/** States of a terminal for looking at its pages: real guides and cases of the demonstration hall. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type {
  CaseView,
  Guide,
  Hall,
  LifeEvent,
  Paper,
  Preferences,
  QueueType,
  SlipView,
  TerminalState,
  TerminalView,
  Tile,
  WaitingResult,
} from '../../../device/http/contract.ts'
import { Case } from '../../../sync/protocol/cases.ts'
import {
  Guide as GuideSchema,
  Hall as HallSchema,
  LifeEvent as LifeEvents,
} from '../../../sync/protocol/content.ts'
import { BusinessTypes } from '../../../sync/protocol/queue.ts'
import { feedbackScenes } from './feedback-scenes.ts'
import { guideScenes } from './guide-scenes.ts'
import { printScenes } from './print-scenes.ts'
import { ratingScenes } from './rating-scenes.ts'

const demo = join(import.meta.dirname, '../../../sync/hall/demo')
const read = (file: string): unknown => JSON.parse(readFileSync(join(demo, file), 'utf8'))

export const hall: Hall = HallSchema.parse(read('hall.json'))
export const guides: Guide[] = readdirSync(join(demo, 'guides')).map((file) =>
  GuideSchema.parse(read(join('guides', file))),
)

const NOW = '2026-11-21T22:41:00+08:00'

/** Some open with people, one without, one closed until the morning. */
const queueTypes: QueueType[] = BusinessTypes.parse(read('business-types.json')).map((type, index) => ({
  ...type,
  open: index !== 2,
  opensAt: index === 2 ? '2026-11-23T08:30:00+08:00' : null,
  waiting: index === 2 ? 0 : index * 4,
  waitMinutes: index === 2 ? null : index * 11,
  quietHours: [
    { from: '11:30', to: '13:00' },
    { from: '16:00', to: '17:00' },
  ],
}))
const waitingResult = (at: 'locker' | 'window'): WaitingResult => ({
  caseNo: 'YX2026110007K3',
  itemName: '普通护照申领（含补发、换发、变更加注）',
  pickup: {
    state: 'waiting',
    where:
      at === 'locker'
        ? '24小时自助服务区取件柜 12号格（一楼东门，昼夜开放）'
        : '2楼 B区 15号窗口（工作日 8:30–17:00，周六 9:00–12:00）',
    needs: '本人居民身份证',
    at,
  },
  window: at === 'locker' ? null : { openNow: false, opensAt: '2026-11-23T08:30:00+08:00' },
})
const READER: TerminalState['peripherals'] = {
  idReader: { state: 'ready', since: NOW, reason: null, warnings: [] },
}
const STOPPED: TerminalState['peripherals'] = {
  receiptPrinter: { state: 'fault', since: NOW, reason: 'paper-out', warnings: [] },
}
const pickupScene = (
  at: 'locker' | 'window',
  problem: 'card-needed' | null = null,
  cardMasked: string | null = null,
): Scene =>
  view({
    name: 'pickup',
    result: waitingResult(at),
    provedBy: 'receipt',
    problem,
    acceptsCard: true,
    cardMasked,
    printable: true,
  })
const ticketView = (state: SlipView['state'], number = 'A012', again: SlipView['again'] = null): Scene =>
  view({
    name: 'ticket',
    type: queueTypes[0] as QueueType,
    ticket: {
      number,
      waiting: 4,
      area: queueTypes[0]?.area ?? '',
      priority: state === 'none' ? 'age' : null,
    },
    slip: {
      job: { jobId: 'job-1', kind: 'queue-ticket', paper: 'receipt', pages: null },
      state,
      reason: state === 'failed' ? 'paper-out' : null,
      canReportNothing: state === 'probable',
      again,
    },
  })
const DAY_MS = 86_400_000

/** The demonstration's cases count their days from today in working days; here plain days are near enough. */
const at = (when: unknown): string | null => {
  if (when === null || typeof when !== 'object' || !('workingDays' in when) || !('time' in when)) return null
  const day = new Date(Date.parse(NOW) + Number(when.workingDays) * DAY_MS).toISOString().slice(0, 10)
  return `${day}T${String(when.time)}:00+08:00`
}

const paper = (caseNo: string, kind: Paper['kind'], title: string): Paper => ({
  paperId: `${caseNo}-${kind}`,
  kind,
  title,
  pages: kind === 'receipt' ? 1 : 2,
  onReceiptPaper: kind === 'receipt',
  lacks: null,
})

const papersOf = (one: { caseNo: string; state: string }): Paper[] => {
  const { caseNo, state } = one
  const papers = [paper(caseNo, 'receipt', '收件凭证')]
  if (state === 'supplement') papers.push(paper(caseNo, 'supplement', '补办件通知书'))
  if (['accepted', 'in-review', 'approved', 'ready'].includes(state)) {
    papers.push(paper(caseNo, 'acceptance', '受理通知书'))
  }
  if (state === 'returned') papers.push(paper(caseNo, 'return', '退回件通知书'))
  if (state === 'not-accepted') papers.push(paper(caseNo, 'not-accepted', '不予受理通知书'))
  if (state === 'ready') papers.push(paper(caseNo, 'result', '办理结果'))
  return papers
}

interface DemoStep {
  name: string
  who: string
  at: unknown
}
type DemoCase = Record<string, unknown> & {
  accepted: { workingDays: number } | null
  steps: DemoStep[]
  applicants: string[]
  promisedDays: number
}

const promisedBy = ({ accepted, promisedDays }: DemoCase): string | null =>
  at(accepted && { workingDays: accepted.workingDays + promisedDays, time: '09:00' })?.slice(0, 10) ?? null

export const cases: (CaseView & { applicants: string[] })[] = (read('cases.json') as DemoCase[]).map(
  (one) => {
    const { documents, ...rest } = Case.parse({
      ...one,
      steps: one.steps.map((step) => ({ ...step, at: at(step.at) })),
      acceptedAt: at(one.accepted),
      promisedBy: promisedBy(one),
      clockFrom: ['special-procedure', 'supplement', 'received'].includes(String(one.state))
        ? null
        : at(one.accepted),
      overdue: one.caseNo === 'YX2026100156J9',
      applicantMasked: '张*',
      documents: [],
    })
    void documents
    return { ...rest, applicants: one.applicants, papers: papersOf(rest) }
  },
)

const found = <T>(value: T | undefined): T => {
  if (value === undefined) throw new Error('the demonstration hall holds no such thing')
  return value
}
export const guideNamed = (part: string): Guide => found(guides.find(({ name }) => name.includes(part)))
export const caseIn = (state: CaseView['state']): CaseView => found(cases.find((one) => one.state === state))
const overdueCase = found(cases.find(({ overdue }) => overdue))

const entries = (lifeEvent: LifeEvent) => guides.filter(({ lifeEvents }) => lifeEvents.includes(lifeEvent))
const lifeEvents = LifeEvents.options.map((lifeEvent) => ({ lifeEvent, count: entries(lifeEvent).length }))

const tiles = (...dim: [Tile['service'], NonNullable<Tile['unavailable']>][]): Tile[] =>
  (['guides', 'my-papers', 'pickup', 'progress', 'ticket', 'feedback'] as const).map((service) => ({
    service,
    unavailable:
      dim.find(([one]) => one === service)?.[1] ??
      (service === 'ticket' || service === 'feedback' ? 'not-offered' : null),
  }))

const job = (paperKind: 'a4' | 'receipt') => ({
  jobId: 'job-1',
  kind: paperKind === 'a4' ? ('guide' as const) : ('receipt' as const),
  paper: paperKind,
  pages: paperKind === 'a4' ? 2 : 1,
})
const of = (person: string) => cases.filter(({ applicants }) => applicants.includes(person))

export type Scene = { view: TerminalView } & Partial<
  Pick<
    TerminalState,
    'tiles' | 'peripherals' | 'cardExpired' | 'idleEndsAt' | 'closesAt' | 'hall' | 'line' | 'storage'
  >
>

const view = (one: TerminalView): Scene => ({ view: one })
const caseView = (one: CaseView, provedBy: 'card' | 'receipt' = 'card'): Scene =>
  view({ name: 'case', personMasked: provedBy === 'card' ? '张*' : null, provedBy, case: one })

export const scenes: Record<string, Scene> = {
  'not-enrolled': { ...view({ name: 'not-enrolled' }), hall: null },
  'cannot-keep': { ...view({ name: 'home' }), storage: 'cannot-keep' },
  rest: view({ name: 'rest' }),
  home: view({ name: 'home' }),
  'home-all-open': {
    ...view({ name: 'home' }),
    tiles: tiles().map((tile) => ({ ...tile, unavailable: null })),
  },
  'home-line-down': {
    ...view({ name: 'home' }),
    tiles: tiles(['my-papers', 'line-down'], ['pickup', 'line-down'], ['progress', 'line-down']),
    line: { online: false, backlog: 3 },
  },
  ...guideScenes(guides),
  'present-card': view({ name: 'present', service: 'my-papers', accepts: ['card'], problem: null }),
  'present-both': view({ name: 'present', service: 'progress', accepts: ['card', 'code'], problem: null }),
  'present-problem': view({
    name: 'present',
    service: 'pickup',
    accepts: ['code', 'card'],
    problem: 'code-too-long',
  }),
  'present-none': view({ name: 'present', service: 'progress', accepts: [], problem: null }),
  'looking-up': view({ name: 'looking-up', by: 'card' }),
  waiting: view({ name: 'waiting', awaited: 'proof' }),
  pickup: pickupScene('locker'),
  'pickup-window': pickupScene('window'),
  'pickup-card': pickupScene('locker', 'card-needed'),
  'pickup-card-read': {
    ...pickupScene('locker', null, '张*'),
    cardExpired: true,
  },
  collected: view({
    name: 'collected',
    result: waitingResult('locker'),
    collected: { caseNo: 'YX2026110007K3', collectedAt: NOW, where: waitingResult('locker').pickup.where },
    slip: {
      job: { jobId: 'job-1', kind: 'pickup-slip', paper: 'receipt', pages: null },
      state: 'confirmed',
      reason: null,
      canReportNothing: false,
      again: null,
    },
  }),
  'pickup-refused': view({
    name: 'pickup-refused',
    result: waitingResult('locker'),
    refusal: 'already-collected',
    words: '',
  }),
  'pickup-unknown': view({ name: 'pickup-unknown', result: waitingResult('window') }),
  'queue-none': view({ name: 'queue', types: [] }),
  queue: view({ name: 'queue', types: queueTypes }),
  'ticket-ways': view({
    name: 'ticket-ways',
    type: queueTypes[1] as QueueType,
    personMasked: null,
    acceptsCard: true,
    problem: null,
  }),
  'ticket-ways-unread': view({
    name: 'ticket-ways',
    type: queueTypes[0] as QueueType,
    personMasked: null,
    acceptsCard: true,
    problem: 'card-number-wrong',
  }),
  'ticket-ways-card': view({
    name: 'ticket-ways',
    type: queueTypes[0] as QueueType,
    personMasked: '张*',
    acceptsCard: true,
    problem: null,
  }),
  'ticket-code': view({
    name: 'ticket-code',
    type: queueTypes[0] as QueueType,
    of: 'appointment',
    acceptsCode: true,
    scanned: null,
  }),
  'ticket-code-scanned': view({
    name: 'ticket-code',
    type: queueTypes[0] as QueueType,
    of: 'missed',
    acceptsCode: true,
    scanned: 'A012',
  }),
  ticket: ticketView('printing'),
  'ticket-probable': ticketView('probable'),
  'ticket-none': ticketView('none'),
  'ticket-again': ticketView('failed', 'A012', 'receipt'),
  'ticket-on-a4': ticketView('none', 'A012', 'a4'),
  'ticket-long': ticketView('printing', 'HZYX-BDC-2026012'),
  'ticket-held': { ...ticketView('printing'), peripherals: STOPPED },
  'ticket-refused': view({
    name: 'ticket-refused',
    type: queueTypes[0] as QueueType,
    refusal: 'too-early',
    words: '预约的是今天10:30，请在前30分钟内来取号。',
  }),
  'ticket-closed': view({
    name: 'ticket-refused',
    type: queueTypes[2] as QueueType,
    refusal: 'closed',
    words: '',
  }),
  'ticket-unknown': view({ name: 'ticket-unknown', type: queueTypes[0] as QueueType }),
  papers: view({ name: 'papers', personMasked: '张*', cases: of('zhang'), printable: 9, proofs: 'works' }),
  'papers-none': view({ name: 'papers', personMasked: '古*', cases: [], printable: 0, proofs: 'works' }),
  'papers-one': view({
    name: 'papers',
    personMasked: '王*',
    cases: [caseIn('ready')],
    printable: 0,
    proofs: 'no-printer',
  }),
  'papers-twenty': view({ name: 'papers', personMasked: '沈*', cases, printable: 31, proofs: 'line-down' }),
  'case-ready': caseView(caseIn('ready')),
  'case-supplement': caseView(caseIn('supplement')),
  'case-overdue': caseView(overdueCase),
  'case-returned': caseView(caseIn('returned')),
  'case-refused': caseView(caseIn('refused')),
  'case-silence': caseView({
    ...overdueCase,
    whenOverdue: { actor: '不动产登记科 李主任', consentedSince: '2026-11-18' },
  }),
  'case-provisional': caseView({
    ...caseIn('in-review'),
    promisedBy: '2027-01-08',
    promisedByProvisional: true,
    workingDaysLeft: 33,
  }),
  'case-receipt-card': { ...caseView(caseIn('ready'), 'receipt'), peripherals: READER },
  'case-expired-card': { ...caseView(caseIn('ready')), cardExpired: true },
  'case-collected': caseView({
    ...caseIn('ready'),
    state: 'collected',
    pickup: { ...waitingResult('locker').pickup, state: 'collected' },
  }),
  'case-special': caseView(caseIn('special-procedure')),
  'case-receipt': caseView(caseIn('received'), 'receipt'),
  ...printScenes(of('zhang')),
  ...feedbackScenes(hall, guides, lifeEvents),
  ...ratingScenes(cases),
  'printing-preparing': view({
    name: 'printing',
    job: job('a4'),
    stage: 'preparing',
    done: null,
    trouble: null,
  }),
  'printing-a4': view({ name: 'printing', job: job('a4'), stage: 'sent', done: 1, trouble: null }),
  'printing-stopped': view({
    name: 'printing',
    job: job('a4'),
    stage: 'sent',
    done: 1,
    trouble: 'paper-out',
  }),
  'printing-receipt': view({
    name: 'printing',
    job: job('receipt'),
    stage: 'sending',
    done: null,
    trouble: null,
  }),
  'printed-confirmed': view({
    name: 'printed',
    job: job('a4'),
    outcome: 'confirmed',
    done: null,
    again: false,
    reason: null,
    canReportNothing: true,
  }),
  'printed-probable': view({
    name: 'printed',
    job: job('receipt'),
    outcome: 'probable',
    done: null,
    again: false,
    reason: null,
    canReportNothing: true,
  }),
  'printed-unknown': view({
    name: 'printed',
    job: job('a4'),
    outcome: 'unknown',
    done: 1,
    again: false,
    reason: 'line-lost',
    canReportNothing: true,
  }),
  'printed-failed': view({
    name: 'printed',
    job: job('receipt'),
    outcome: 'failed',
    done: null,
    again: true,
    reason: 'paper-out',
    canReportNothing: false,
  }),
  'nothing-retry': view({ name: 'nothing-came-out', job: job('a4'), retry: true }),
  'nothing-final': view({ name: 'nothing-came-out', job: job('a4'), retry: false }),
  'dead-end-not-found': view({ name: 'dead-end', deadEnd: 'case-not-found', service: 'progress' }),
  'dead-end-no-cases': view({ name: 'dead-end', deadEnd: 'no-cases', service: 'my-papers' }),
  'dead-end-line-down': view({ name: 'dead-end', deadEnd: 'line-down', service: 'my-papers' }),
  'dead-end-trouble': view({ name: 'dead-end', deadEnd: 'hall-trouble', service: 'my-papers' }),
  'dead-end-too-many': view({ name: 'dead-end', deadEnd: 'too-many-searches', service: 'my-papers' }),
  ending: view({ name: 'ending', cardOnReader: false }),
  'ending-card': view({ name: 'ending', cardOnReader: true }),
  idle: {
    ...view({ name: 'papers', personMasked: '张*', cases: of('zhang'), printable: 9, proofs: 'works' }),
    idleEndsAt: new Date(Date.parse(NOW) + 24_000).toISOString(),
  },
}

export interface Looks {
  theme: 'day' | 'night'
  preferences: Preferences
  diagonalInches: number
}

/** The state that shows `scene` with these looks. `now` in it is fixed: a picture taken twice is the same. */
export function stateOf(scene: Scene, looks: Looks, build: string): TerminalState {
  return {
    build,
    now: NOW,
    device: { name: '一号自助机', window: null, id: null },
    hall: scene.hall === undefined ? hall : scene.hall,
    theme: looks.theme,
    screen: { diagonalInches: looks.diagonalInches },
    line: scene.line ?? { online: true, backlog: 0 },
    storage: scene.storage ?? 'ok',
    recordings: null,
    preferences: looks.preferences,
    peripherals: scene.peripherals ?? {},
    role: 'terminal',
    view: scene.view,
    tiles: scene.tiles ?? tiles(),
    cardExpired: scene.cardExpired ?? false,
    idleEndsAt: scene.idleEndsAt ?? null,
    closesAt: scene.closesAt ?? null,
  }
}
