/** States of a pad for looking at its pages: the staff and notices of the demonstration hall, and longer ones. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Notice, PadState, PadView } from '../../../device/http/contract.ts'
import { Notice as NoticeSchema, Staff } from '../../../sync/protocol/content.ts'
import { builtInDictionaries } from '../../../sync/protocol/dictionary.ts'

const demo = join(import.meta.dirname, '../../../sync/hall/demo')
const read = (file: string): unknown => JSON.parse(readFileSync(join(demo, file), 'utf8'))

export interface PadScene {
  view: PadView
  staff?: PadState['staff']
  hall?: null
  window?: string
  storage?: PadState['storage']
  peripherals?: PadState['peripherals']
}

/** A picture as a hall would put it there: nobody's. */
const PHOTO = `data:image/svg+xml,${encodeURIComponent(
  '<svg xmlns="http://www.w3.org/2000/svg" width="260" height="340"><rect width="260" height="340" fill="#9fb4cf"/><circle cx="130" cy="130" r="62" fill="#f0d9c2"/><path d="M20 340c0-90 50-130 110-130s110 40 110 130z" fill="#27446f"/></svg>',
)}`

const staff = Staff.array().parse(read('staff.json'))
const one = staff[0]
if (one === undefined) throw new Error('the demonstration hall has no staff')
const SHOWN = { ...one, stars: 4, partyBadge: true, photo: PHOTO }
const PLAIN = { ...one, stars: null, partyBadge: false, photo: null }
const LONG = {
  ...SHOWN,
  name: '阿依古丽·买买提吐尔逊',
  post: '不动产登记综合受理岗（首席代表）',
  staffId: 'HZYX20260112',
}

const notices = NoticeSchema.array().parse(read('notices.json'))
const notice = (text: number): Notice => ({
  id: 'long',
  title: '关于国庆假期窗口轮值及二十四小时自助服务区开放的公告说明',
  titleEnglish: 'Windows on duty and the self-service area during the holidays',
  text: '节日期间大厅照常有人值守，请放心来办。'.repeat(text).slice(0, 200),
  textEnglish: 'During the holidays the hall stays staffed as usual, so do come in. '
    .repeat(text)
    .slice(0, 400),
  from: '2026-01-01',
  until: null,
})

const ASKING: Extract<PadView, { name: 'asking' }> = {
  name: 'asking',
  evaluationId: 'e1',
  itemName: '普通护照申领',
  voice: 'page',
  anonymous: false,
  closesAt: '2026-11-21T22:42:00+08:00',
}
const KEYPAD: PadState['peripherals'] = {
  keypad: { state: 'ready', since: '2026-11-21T08:00:00+08:00', reason: null, warnings: [] },
}
const LONG_ITEM =
  '建设工程规划类许可证核发（市政交通线性工程、含桥梁隧道、综合管廊及其附属设施的变更与延期办理）'

const labels = (level: number, more: Partial<Extract<PadView, { name: 'labels' }>> = {}): PadScene => ({
  view: {
    name: 'labels',
    evaluationId: 'e1',
    labels:
      builtInDictionaries()[0]
        ?.dictionary.levels.find((entry) => entry.level === level)
        ?.labels.slice(0, 8) ?? [],
    chosen: [],
    words: '',
    writing: false,
    anonymous: false,
    closesAt: '2026-11-21T22:41:15+08:00',
    ...more,
  },
  staff: SHOWN,
})

const rest = (some: Notice[], shown: PadState['staff'], servingTicketNo: string | null = null): PadScene => ({
  view: { name: 'rest', notices: some, servingTicketNo },
  staff: shown,
})

const WORDS = '材料一次交齐，窗口的同志讲得很清楚。希望停车再方便一点。'

export const padScenes: Record<string, PadScene> = {
  'not-enrolled': { view: { name: 'not-enrolled' }, hall: null },
  'cannot-keep': { view: { name: 'not-enrolled' }, storage: 'cannot-keep' },
  rest: rest(notices.slice(0, 1), SHOWN, 'A019'),
  'rest-nobody': rest(notices.slice(0, 1), null),
  'rest-plain': rest(notices.slice(0, 3), PLAIN),
  'rest-alone': rest([], SHOWN, 'A019'),
  'rest-alone-plain': rest([], PLAIN),
  'rest-empty': rest([], null),
  'rest-empty-serving': rest([], null, 'A019'),
  'rest-three': rest([...notices, notice(4), notice(20)].slice(0, 3), SHOWN, 'A019'),
  'rest-long': { ...rest([notice(20)], LONG, 'HZYX-BDC-2026012'), window: 'B-12' },
  'rest-long-alone': { ...rest([], LONG, 'HZYX-BDC-2026012'), window: '128' },
  paused: { view: { name: 'paused', message: null }, staff: SHOWN },
  'paused-message': { view: { name: 'paused', message: '系统升级，预计十五分钟后恢复' }, staff: SHOWN },
  'paused-long': {
    view: {
      name: 'paused',
      message:
        '今天下午两点到四点全体窗口人员参加消防演练，期间本窗口暂停受理，请到旁边窗口，不便之处请您谅解',
    },
    staff: SHOWN,
  },
  asking: { view: ASKING, staff: SHOWN },
  'asking-nobody': { view: { ...ASKING, voice: 'keypad' }, peripherals: KEYPAD },
  'asking-long': { view: { ...ASKING, itemName: LONG_ITEM, anonymous: true }, staff: LONG, window: 'B-12' },
  'labels-5': labels(5),
  'labels-4': labels(4),
  'labels-3': labels(3),
  'labels-2': labels(2),
  'labels-1': labels(1, { chosen: ['108', '115'], words: WORDS, anonymous: true }),
  words: labels(2, { writing: true }),
  'words-written': labels(2, { evaluationId: 'e2', writing: true, words: WORDS.repeat(12) }),
  thanks: { view: { name: 'thanks' }, staff: SHOWN },
  'not-now': { view: { name: 'not-now' }, staff: SHOWN },
  'already-rated': { view: { name: 'already-rated' }, staff: SHOWN },
}

/** `shared` is a terminal's state in the same looks. */
export function padStateOf(scene: PadScene, shared: Omit<PadState, 'role' | 'view' | 'staff'>): PadState {
  return {
    ...shared,
    device: { name: '十二号窗口', window: scene.window ?? '12', id: null },
    hall: scene.hall === null ? null : shared.hall,
    storage: scene.storage ?? 'ok',
    peripherals: scene.peripherals ?? {},
    role: 'pad',
    view: scene.view,
    staff: scene.staff ?? null,
  }
}
