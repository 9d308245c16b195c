/** What people do at a terminal in a week, as visits that a script makes: in which mixture, and how each ends. */
import type { TerminalBench } from '../../browser/bench.ts'

/** A button's name (`…` at its end: how it begins), or a page to wait for, or words on it. */
export type Step = { press: string } | { view?: string; sees?: string }

export interface Visitor {
  terminal: TerminalBench
  /** Takes these steps on the page; throws, naming the one that could not be taken. */
  take(steps: readonly Step[]): Promise<void>
}

export interface Kind {
  name: string
  /** So many of a hundred visits. */
  share: number
  /** Touches alone: no paper, no card, no code, and nothing of the hall. */
  isQuick: boolean
  visit(visitor: Visitor, count: number): Promise<void>
}

const press = (...names: string[]): Step[] => names.map((name) => ({ press: name }))
const at = (view: string): Step => ({ view })
const sees = (words: string): Step => ({ sees: words })

const WAKE = [at('rest'), ...press('轻触屏幕开始'), at('home')]
const LEAVE = [...press('结束'), at('rest')]

/** Receipts in somebody's hand; the scanner says nothing to the same code twice within 2 s. */
const CASES = ['YX2026110007K3', 'YX2026100156J9', 'YX2026110012P8', 'YX2026110015C6']
const PEOPLE = ['zhang', 'wang', 'guli'] as const
const DUTY_DESK = '24小时值班服务'
const PASSPORT = '普通护照申领'

const REPORT = [
  ...WAKE,
  ...press('反映与评价', '事情没办成', '跑了好几趟还没办成'),
  at('feedback-form'),
  ...press('什么事项…', '打字找'),
  at('feedback-search'),
  ...press('h', 'z', `${PASSPORT}…`),
  at('feedback-form'),
  ...press('哪个窗口…', '综合受理', '9 号'),
  at('feedback-form'),
  ...press('说说情况…', '几个部门之间来回跑', '写好了'),
  at('feedback-form'),
]

const plain = (name: string, share: number, steps: readonly Step[], isQuick = false): Kind => ({
  name,
  share,
  isQuick,
  visit: ({ take }) => take(steps),
})
export const KINDS: readonly Kind[] = [
  plain(
    'reads a guide',
    22,
    [
      ...WAKE,
      ...press('办事指南', '出行证照', PASSPORT),
      at('guide'),
      ...press('返回'),
      at('guides'),
      ...LEAVE,
    ],
    true,
  ),
  plain(
    'finds a guide by letters',
    18,
    [
      ...WAKE,
      ...press('办事指南', '输入名称或拼音查找'),
      at('guide-search'),
      ...press('s', 'f', 'z', 'b'),
      sees('找到 1 份指南'),
      ...press('清空', 'h', 'z', `${PASSPORT}…`),
      at('guide'),
      ...LEAVE,
    ],
    true,
  ),
  plain(
    'looks around in English, in large type',
    10,
    [
      ...WAKE,
      ...press('English', 'Large text', 'Guides'),
      at('guides'),
      ...press('Back'),
      at('home'),
      ...press('Feedback'),
      at('feedback'),
      ...press('Finish'),
      at('rest'),
    ],
    true,
  ),
  plain('begins a report and gives it up', 12, [...REPORT, ...LEAVE], true),
  plain(
    'rates the machine',
    14,
    [
      ...WAKE,
      ...press('反映与评价', '评价', '只评价这台机器', '满意', '服务态度较好', '完成'),
      at('home'),
      ...LEAVE,
    ],
    true,
  ),
  plain('hands a report in, with its slip', 3, [
    ...REPORT,
    ...press('交给大厅'),
    at('feedback-kept'),
    ...LEAVE,
  ]),
  plain('takes a number', 5, [
    ...WAKE,
    ...press('取号', DUTY_DESK),
    at('ticket-ways'),
    ...press('取号'),
    at('ticket'),
    ...press('办别的事', '暂不评价'),
    at('home'),
    ...LEAVE,
  ]),
  plain('prints a guide', 5, [
    ...WAKE,
    ...press('办事指南', '出行证照', `打印 ${PASSPORT}`),
    at('printed'),
    ...LEAVE,
  ]),
  {
    name: 'looks a case up by its receipt',
    share: 10,
    isQuick: false,
    async visit({ terminal, take }, count) {
      await take([at('rest')])
      terminal.scan(CASES[count % CASES.length] ?? '')
      await take([at('case'), ...LEAVE])
    },
  },
  {
    // Past 30 in an hour the hall says so, and the page tells: that belongs to a week as well.
    name: 'puts a card down',
    share: 1,
    isQuick: false,
    async visit({ terminal, take }, count) {
      await take([at('rest')])
      await terminal.putCard(PEOPLE[count % PEOPLE.length] ?? 'zhang')
      await terminal.device.until(({ view }) => view.name === 'papers' || view.name === 'dead-end')
      await terminal.end()
    },
  },
]

/** Walks away without a word: the warning, the end. */
export const WALKS_AWAY: Kind = {
  name: 'walks away',
  share: 0,
  isQuick: false,
  visit: ({ take }) => take([...WAKE, ...press('办事指南'), at('guides'), at('rest')]),
}
