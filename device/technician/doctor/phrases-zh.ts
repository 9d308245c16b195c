/** What several pieces of advice say in the same words. */
import { type Release, release } from './commands.ts'
import type { PeripheralName } from './findings.ts'
import type { Advice, Context, Step } from './words.ts'

export const PERIPHERALS: Record<PeripheralName, string> = {
  idReader: '身份证阅读器',
  scanner: '扫码器',
  receiptPrinter: '凭条打印机',
  pagePrinter: 'A4 打印机',
  keypad: '评价按键盒',
}

interface Named {
  name: string
  pid: number
}

export const processName = (name: string, pid: number): string => `${name}（进程 ${pid}）`

export const holdersIn = (holders: readonly Named[]): string =>
  holders.map(({ name, pid }) => processName(name, pid)).join('、')

/** Which line of the configuration. */
export const place = ({ subject }: Context): string =>
  subject.kind === 'peripheral' ? `把 device.json 里 peripherals.${subject.name}.port 改成：` : '绑定时写：'

export const values = (names: readonly string[]): Step[] => names.map((value) => ({ value }))

export const stop = (what: string, { subject }: Context, todo: readonly Step[]): Advice => ({
  what,
  stops:
    subject.kind === 'peripheral' ? `${PERIPHERALS[subject.name]}用不了，其他照常。` : '绑定它的设备用不了。',
  todo,
})

/** What only exists in English, marked as such. */
export const original = (detail: string): string => `原文：${detail}`

const RELEASES: Record<Release['kind'], string> = {
  service:
    '占着它的是系统服务。没有别的用处就停掉，再接着做（重启机器后它又会运行；systemctl mask 可以一直关掉）：',
  program: '关掉这个程序，再接着做：',
  ask: '先看哪个可以停，只停那一个，再接着做：',
}

/** Ways to make the holders let go, before the next step. */
export const stopping = (
  holders: readonly (Named & { unit: string | null })[],
  { shell }: Context,
): Step[] => {
  const { kind, commands } = release(shell, holders)
  return [RELEASES[kind], ...commands]
}
