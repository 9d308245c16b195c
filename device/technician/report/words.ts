/** The readiness report in words: Chinese, with English beside what a maker's own engineer looks for. */

import type { ReadinessPart, ReadinessReport } from '../../documents/readiness-parts.ts'
import { chineseDateTime } from '../../documents/words.ts'
import { checkLineInWords } from '../../health/check-words.ts'
import { faultInWords, healthWords } from '../../health/words.ts'
import type { Check, OpenCode, OpenPoint } from '../../http/contract.ts'
import type { ReportFacts } from './report-facts.ts'

const ROLES = { terminal: '自助终端 Terminal', pad: '窗口评价器 Pad' } as const
const NOT_KNOWN = '还不知道'

const PLACES: Record<string, string> = {
  device: '设备',
  hall: '大厅',
  peripherals: '外设',
  screen: '屏幕',
  network: '网络检查',
  clock: '时间检查',
  storage: '存储检查',
}

const OPEN: Record<OpenCode, (what: string) => string> = {
  'not-tried': (what) => `${what}：还没有做`,
  failed: (what) => `${what}：没有通过`,
  'not-working': (what) => `${what}：试过，但现在不工作`,
  'none-bound': (what) => `${what}：一个也没有接入`,
  'not-measured': (what) => `${what}：还没有量过`,
  'not-enrolled': (what) => `${what}：还没有启用这台设备`,
  'not-running': (what) => `${what}：没有运行`,
  fault: (what) => what,
}

export const openPointInWords = ({ what, code }: OpenPoint, facts: ReportFacts): string => {
  const { peripherals } = healthWords('zh')
  const fault = facts.health.faults.find(({ id }) => id === what)
  if (code === 'fault' && fault !== undefined) return faultInWords(fault, 'zh').what
  const name = Object.hasOwn(peripherals, what)
    ? `${peripherals[what as keyof typeof peripherals]}测试`
    : null
  return OPEN[code](name ?? PLACES[what] ?? what)
}

export const reportInWords = (
  facts: ReportFacts,
  open: readonly OpenPoint[],
  number: number,
): ReadinessReport => ({
  number,
  deviceName: facts.device.name ?? NOT_KNOWN,
  isReady: open.length === 0,
  open: open.map((point) => openPointInWords(point, facts)),
  parts: [
    devicePart(facts),
    hallPart(facts),
    ...(facts.peripherals.length === 0 ? [] : [peripheralsPart(facts)]),
    screenPart(facts),
    checksPart(facts),
    ...(facts.health.faults.length === 0 ? [] : [faultsPart(facts)]),
  ],
})

type Row = ReadinessPart['rows'][number]

const row = (label: string, value: string | null, isOpen = false): Row => ({
  label,
  value: value === null || value === '' ? NOT_KNOWN : value,
  isOpen,
})

const timeOf = (instant: string): string => chineseDateTime(new Date(instant))

const devicePart = ({ device, thumbprint }: ReportFacts): ReadinessPart => ({
  title: '设备',
  titleEnglish: 'Device',
  rows: [
    row('名称', device.name),
    row('用途', device.role === null ? null : ROLES[device.role]),
    ...(device.window === null ? [] : [row('窗口', device.window)]),
    row('设备编号', device.hall.deviceId, device.hall.deviceId === null),
    row('密钥指纹', thumbprint),
    row('软件', `Window24 ${device.software.window24}，Node ${device.software.node}`),
    row('内容版本', device.software.content),
    row('下发设置', device.software.settings ?? '没有'),
    row('运行自', device.since === null ? '没有运行' : timeOf(device.since), device.since === null),
  ],
})

const hallPart = ({ device, health, head }: ReportFacts): ReadinessPart => ({
  title: '大厅与记录',
  titleEnglish: 'Hall and chain',
  rows: [
    row('大厅服务器', device.hall.url, device.hall.url === null),
    row('记录链', head === null ? '还没有第一条' : `第 ${head.epoch} 段 第 ${Number(head.sequence)} 条`),
    ...(head === null ? [] : [row('末条指纹', head.hash)]),
    row('待送记录', `${health.backlog.count} 条`),
    row('被拒记录', `${health.backlog.setAsideCount} 条`, health.backlog.setAsideCount > 0),
  ],
})

const peripheralsPart = ({ peripherals }: ReportFacts): ReadinessPart => {
  const words = healthWords('zh')
  return {
    title: '外设与测试',
    titleEnglish: 'Peripherals and tests',
    rows: peripherals.flatMap(({ name, driver, profile, port, test, status }) => {
      const passed = test?.outcome === 'passed'
      const tested =
        test === null ? '还没有测试' : `${passed ? '测试通过' : '测试没有通过'}，${timeOf(test.at)}`
      const reason = status?.reason
      const now =
        status === null
          ? '现在状态未知'
          : status.state === 'ready'
            ? '现在正常'
            : status.state === 'fault' && reason && Object.hasOwn(words.reasons, reason)
              ? words.reasons[reason as keyof typeof words.reasons]('现在')
              : '正在连接'
      return [
        row(words.peripherals[name], `${tested}；${now}`, !passed || status?.state === 'fault'),
        row('　接法', `${port}（${[driver, profile].filter(Boolean).join(' ')}）`),
      ]
    }),
  }
}

const screenPart = ({ device: { screen } }: ReportFacts): ReadinessPart => {
  const size = screen.diagonalInches === null ? null : `${screen.diagonalInches} 英寸`
  const pixels = screen.widthPx === null ? null : `${screen.widthPx} × ${screen.heightPx} 像素`
  return {
    title: '屏幕',
    titleEnglish: 'Screen',
    rows: [row('大小', [size, pixels].filter(Boolean).join('，'), pixels === null)],
  }
}

const CHECK_NAMES = { network: '网络', clock: '时间', storage: '存储' } as const

const checksPart = ({ health: { checks } }: ReportFacts): ReadinessPart => ({
  title: '检查',
  titleEnglish: 'Checks',
  rows: (['network', 'clock', 'storage'] as const).flatMap((name) =>
    checkRows(CHECK_NAMES[name], checks[name]),
  ),
})

const checkRows = (name: string, check: Check): Row[] => {
  if (!('lines' in check)) return [row(name, '还没有查', true)]
  const verdict = check.state === 'good' ? '正常' : '不正常'
  return [
    row(name, `${verdict}，${timeOf(check.at)}`, check.state === 'bad'),
    ...check.lines.map((line) => row('　', checkLineInWords(line, 'zh'), !line.good)),
  ]
}

const faultsPart = ({ health: { faults } }: ReportFacts): ReadinessPart => ({
  title: '现有故障',
  titleEnglish: 'Open faults',
  rows: faults.map((fault) => {
    const { what } = faultInWords(fault, 'zh')
    const isFault = fault.severity === 'fault'
    return row(isFault ? '故障' : '提醒', `${what}，自${timeOf(fault.since)}起`, isFault)
  }),
})
