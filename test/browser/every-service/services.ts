/**
 * Every service of the terminal, with the line up, with the line down, and with the line lost when half of it is done.
 * What needs the hall says so before one starts, or where one stands; everything else goes on.
 */
import { afterAll, afterEach, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { openTerminal, type TerminalBench, textOf } from '../bench.ts'

type Language = 'zh' | 'en'
type Name = string | RegExp

/** A citizen who reads one of the two languages, at the terminal. */
interface Citizen {
  /** Touches the button of that name in the citizen's language. */
  touch(zh: Name, en: Name): Promise<void>
  /** A row of the list of that page. */
  touchListed(view: string, zh: string, en: string): Promise<void>
  sees(zh: Name, en: Name): Promise<void>
}

interface Service {
  name: string
  /** To the half of it, from home. */
  begin(citizen: Citizen): Promise<void>
  /** From there to what is taken along. */
  finish(citizen: Citizen): Promise<void>
  /** Of what cannot be begun without the hall: says so. */
  notBegun?(citizen: Citizen): Promise<void>
  /** Of what cannot go on without it: says so where one stands, and comes back there once the line is back. */
  heldUp?: { told(citizen: Citizen): Promise<void>; again?(citizen: Citizen): Promise<void> }
}

const PASSPORT = 'YX2026110007K3'
const IN_REVIEW = 'YX2026110015C6'
/** Of those who rate: a case is rated once. */
const RATED: readonly string[] = ['YX2026110007K3', 'YX2026100156J9', 'YX2026110012P8', 'YX2026110015C6']
const PASSPORT_GUIDE = '普通护照申领'
/** Of all that can be printed for 张小雨, what its issuer has made and the hall hands over. */
const RESULT_ROW = 4

let terminal: TerminalBench
let rated = 0
const isPrinted = () => terminal.seesView('printed')

const SERVICES: readonly Service[] = [
  {
    name: 'a guide',
    async begin({ touch }) {
      await touch('办事指南', 'Guides')
      await touch('出行证照', 'Travel and driving')
    },
    async finish({ touch }) {
      await touch(`打印 ${PASSPORT_GUIDE}`, /^Print .*passport/i)
      expect(textOf(await terminal.papers.next())).toContain(PASSPORT_GUIDE)
      await isPrinted()
    },
  },
  {
    name: 'a blank form',
    async begin({ touch }) {
      await touch('办事指南', 'Guides')
      await touch('住房', 'Housing')
      await touch('购房提取住房公积金', /^Housing.*withdrawal for a home purchase$/)
    },
    async finish({ touch }) {
      await touch('领空白表格', 'Take the blank form')
      expect(textOf(await terminal.papers.next())).toContain('住房公积金提取申请表')
      await isPrinted()
    },
  },
  {
    name: 'a one-time notice',
    async begin({ touch }) {
      await touch('办事指南', 'Guides')
      await touch('出行证照', 'Travel and driving')
      await touch(PASSPORT_GUIDE, /^Ordinary passport/)
    },
    async finish({ touch }) {
      await touch('一次性告知书', 'One-time notice')
      expect(textOf(await terminal.papers.next()).replaceAll(/\s/g, '')).toContain('一次性告知书')
      await isPrinted()
    },
  },
  {
    name: 'papers by card',
    async begin({ touch }) {
      await touch('我的材料', 'My papers')
      await terminal.putCard('zhang')
      await touch('选材料打印', 'Choose and print')
      await chooseResult()
    },
    async finish({ touch, sees }) {
      await touch('打印这 1 份', 'Print this one')
      expect(textOf(await terminal.papers.next())).toContain('张小雨')
      await sees('都打印好了', 'All printed')
    },
    notBegun: dimTile('我的材料', 'My papers'),
    heldUp: {
      told: ({ sees }) =>
        sees('网络断了，恢复以后可以打印', 'The line is down; it can be printed once it is back'),
      again: chooseResult,
    },
  },
  {
    name: 'a proof',
    async begin({ touch }) {
      await touch('我的材料', 'My papers')
      await terminal.putCard('zhang')
      await touch('开具证明', 'Proofs')
    },
    async finish({ touch, sees }) {
      await touch('住房公积金缴存证明', 'Proof of housing fund deposits')
      await sees('证明开好了', 'Your proof is ready')
      expect(textOf(await terminal.papers.next())).toContain('住房公积金缴存证明')
    },
    notBegun: dimTile('我的材料', 'My papers'),
    heldUp: {
      told: ({ sees }) =>
        sees('网络中断，恢复以后可以开', 'The line is down; possible again once it is back'),
    },
  },
  {
    name: 'a pick-up',
    async begin({ touch }) {
      await touch('凭条取件', 'Pick-up')
      await terminal.seesView('present')
    },
    async finish({ touch, sees }) {
      terminal.scan(PASSPORT)
      await sees(/取件柜 12号格/, /取件柜 12号格/)
      await touch('打印取件地点', 'Print where to go')
      await terminal.receipts.next()
    },
    notBegun: dimTile('凭条取件', 'Pick-up'),
    heldUp: {
      async told(citizen) {
        terminal.scan(IN_REVIEW)
        await cannotReachTheHall(citizen)
      },
      again: backTo('present'),
    },
  },
  {
    name: 'progress',
    async begin({ touch }) {
      await touch('进度查询', 'Progress')
      await terminal.seesView('present')
    },
    async finish({ sees }) {
      terminal.scan(PASSPORT)
      await sees('办理时限', 'Time limit')
    },
    notBegun: dimTile('进度查询', 'Progress'),
    heldUp: {
      async told(citizen) {
        terminal.scan(IN_REVIEW)
        await cannotReachTheHall(citizen)
      },
      again: backTo('present'),
    },
  },
  {
    name: 'a number',
    async begin({ touch, touchListed }) {
      await touch('取号', 'Ticket')
      await touchListed('queue', '24小时值班服务', 'Duty desk, day and night')
      await terminal.seesView('ticket-ways')
    },
    async finish({ touch }) {
      await touch('取号', 'Take a number')
      await terminal.seesView('ticket')
      await terminal.receipts.next()
    },
    notBegun: dimTile('取号', 'Ticket'),
    heldUp: {
      async told(citizen) {
        await citizen.touch('取号', 'Take a number')
        await cannotReachTheHall(citizen)
      },
      again: backTo('ticket-ways'),
    },
  },
  {
    name: 'a complaint',
    async begin({ touch }) {
      await touch('反映与评价', 'Feedback')
      await touch('投诉', 'Complaint')
      await touch('索要好处', 'Asked for favours')
      await touch('还差一项：说说情况', 'Still needed: What happened')
    },
    async finish({ touch }) {
      await touch('要钱要物', 'Asked for money or gifts')
      await touch('写好了', 'Done')
      await touch('还差一项：署名还是匿名', 'Still needed: Named or not')
      await touch('匿名', 'Anonymous')
      await touch('写好了', 'Done')
      await touch('交给大厅', 'Hand it in')
      await terminal.seesView('feedback-kept')
      await terminal.receipts.next()
    },
  },
  {
    name: 'a rating of a case by its receipt',
    async begin({ touch }) {
      await touch('反映与评价', 'Feedback')
      await touch('评价', 'Rate a service')
      await terminal.seesView('rate-present')
      terminal.scan(RATED[rated % RATED.length] ?? '')
      rated += 1
      await terminal.seesView('rate')
    },
    finish: rate,
    async notBegun({ touch, sees }) {
      await touch('反映与评价', 'Feedback')
      await touch('评价', 'Rate a service')
      await sees(/网络断了，凭回执的评价要等网络恢复/, /rating by receipt has to wait/)
    },
  },
  {
    name: 'a rating of the machine',
    async begin({ touch }) {
      await touch('反映与评价', 'Feedback')
      await touch('评价', 'Rate a service')
      await touch('只评价这台机器', 'Rate this machine only')
    },
    finish: rate,
  },
]

/** Why it is dim, and where to go instead. */
function dimTile(zh: string, en: string): (citizen: Citizen) => Promise<void> {
  return async ({ touch, sees }) => {
    await touch(zh, en)
    await sees(/机器和大厅之间的网络断了/, /line between this machine and the hall is down/)
    await sees('可以到这里办', 'Where to go instead')
    await touch('知道了', 'OK')
  }
}

async function cannotReachTheHall({ sees }: Citizen): Promise<void> {
  await sees('现在连不上大厅', 'The hall cannot be reached now')
  await sees('可以到这里办', 'Where to go instead')
}

function backTo(view: string): (citizen: Citizen) => Promise<void> {
  return async ({ touch }) => {
    await touch('返回', 'Back')
    await terminal.seesView(view)
  }
}

async function chooseResult(): Promise<void> {
  await terminal.seesView('paper-choice')
  await terminal.page.locator('.check-row').nth(RESULT_ROW).tap()
}

async function rate({ touch, sees }: Citizen): Promise<void> {
  await touch('满意', 'Good')
  await touch('完成', 'Done')
  await sees('谢谢您', 'Thank you')
}

const citizenOf = (language: Language): Citizen => {
  const said = (zh: Name, en: Name): Name => (language === 'zh' ? zh : en)
  return {
    touch: (zh, en) => terminal.touch(said(zh, en)),
    touchListed: (view, zh, en) => terminal.touchListed(view, language === 'zh' ? zh : en),
    sees: (zh, en) => terminal.sees(said(zh, en)),
  }
}

/** The first touch, and the second of whoever reads no Chinese. */
async function wake(language: Language): Promise<Citizen> {
  await terminal.touch('轻触屏幕开始')
  if (language === 'en') await terminal.touch('English')
  return citizenOf(language)
}

async function loseLine(): Promise<void> {
  terminal.line.cut()
  await terminal.device.until(({ line }) => !line.online)
}

export function walkEveryService(language: Language): void {
  beforeAll(async () => {
    terminal = await openTerminal({ timings: { thanks: 300 } })
    rated = 0
  })
  afterAll(() => terminal?.close())
  afterEach(() => terminal.end())

  it.each(SERVICES)('$name, with the line', async ({ begin, finish }) => {
    const citizen = await wake(language)
    await begin(citizen)
    await finish(citizen)
  })

  it.each(SERVICES)('$name, where the line is lost half-way', async ({ begin, finish, heldUp }) => {
    onTestFinished(() => terminal.line.mend())
    const citizen = await wake(language)
    await begin(citizen)
    await loseLine()
    if (heldUp !== undefined) {
      await heldUp.told(citizen)
      await terminal.line.mend()
      await heldUp.again?.(citizen)
    }
    await finish(citizen)
  })

  describe('with the line down', () => {
    beforeAll(loseLine)
    afterAll(() => terminal.line.mend())

    it.each(SERVICES)('$name', async ({ begin, finish, notBegun }) => {
      const citizen = await wake(language)
      if (notBegun !== undefined) {
        await notBegun(citizen)
        return
      }
      await begin(citizen)
      await finish(citizen)
    })
  })
}
