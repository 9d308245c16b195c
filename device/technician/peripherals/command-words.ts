/** What `window24 test` says beside the words of the tests. */
import type { Language } from '../../http/contract.ts'

const KINDS = 'id-reader | scanner | receipt-printer | page-printer | keypad'

const en = {
  help: `window24 test <peripheral> --config F   test one peripheral of a device that does not run

  <peripheral>   ${KINDS}
  --config F     device.json, which says at which port it is
  --data DIR     the device's folder: keeps the result there, for the readiness report and the hall
  --json         the result as JSON; what is to be done goes to standard error
  --lang zh|en   language; by default that of the environment

Exit codes: 0 passed, 1 failed or stopped, 2 wrong use. Ctrl-C stops at any time.
While the device runs, test on its own page: /setup/, "Peripherals".
`,
  lang: '--lang is zh or en',
  which: (typed: string | null) =>
    typed === null ? `say which peripheral: ${KINDS}` : `"${typed}" is no peripheral: ${KINDS}`,
  config: 'give the device.json that binds it: --config F',
  notBound: (name: string, file: string) => `${file} binds no ${name}: attach it first`,
  deviceRuns: (folder: string) =>
    `a device runs on ${folder} and has its ports: test on its page /setup/, or stop it first (systemctl stop window24)`,
  yesOrNo: '(y = right, n = not right)',
}

export type CommandWords = typeof en

const zh: CommandWords = {
  help: `window24 test <外设> --config F   在设备没有运行时测试一个外设

  <外设>         ${KINDS}
  --config F     device.json，里面写着外设在哪个端口
  --data DIR     设备的数据文件夹：结果存在那里，供就绪报告和大厅使用
  --json         结果用 JSON 输出；要做的事写到标准错误
  --lang zh|en   语言；默认跟随系统环境

退出码：0 通过，1 没有通过或已停止，2 用法不对。随时可以按 Ctrl-C 停止。
设备运行时，请在设备自己的页面 /setup/“外设”里测试。
`,
  lang: '--lang 只能是 zh 或 en',
  which: (typed) => (typed === null ? `请写明哪个外设：${KINDS}` : `没有叫“${typed}”的外设：${KINDS}`),
  config: '请给出接入它的 device.json：--config F',
  notBound: (name, file) => `${file} 里没有接入 ${name}：请先接入`,
  deviceRuns: (folder) =>
    `有一台设备正在 ${folder} 上运行，占着它的端口：请在它的页面 /setup/ 上测试，或者先停下它（systemctl stop window24）`,
  yesOrNo: '（y = 对，n = 不对）',
}

export const commandWords: Record<Language, CommandWords> = { zh, en }
