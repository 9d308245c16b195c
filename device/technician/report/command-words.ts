/** What `window24 report` says. */
import type { Language } from '../../http/contract.ts'

const en = {
  help: `window24 report --config F --data DIR --out FILE.pdf   the readiness report of a device, to be signed

  --config F     device.json
  --data DIR     the device's folder; a device that runs on it goes on
  --out FILE     the PDF that is written
  --lang zh|en   language of these words; by default that of the environment

What is still open is printed as well. Tests of peripherals: window24 test, or /setup/ on the device's screen.
Exit codes: 0 ready, 1 something is open or could not be read, 2 wrong use.
`,
  lang: '--lang is zh or en',
  config: 'give the device.json of this device: --config F',
  data: 'give the folder of this device: --data DIR',
  out: 'give the PDF that is to be written: --out FILE.pdf',
  written: (file: string, number: number, pages: number, open: number) =>
    `${file}: report no. ${number}, ${pages} pages; ${open === 0 ? 'ready' : `not ready, ${open} open:`}`,
  cannot: (detail: string) => `the report cannot be made: ${detail}`,
}

export type CommandWords = typeof en

const zh: CommandWords = {
  help: `window24 report --config F --data DIR --out FILE.pdf   设备的就绪报告，供签字

  --config F     device.json
  --data DIR     设备的数据文件夹；正在运行的设备不受影响
  --out FILE     写成的 PDF
  --lang zh|en   这些文字的语言；默认跟随系统环境

还差什么也会列出来。外设测试：window24 test，或设备屏幕上的 /setup/。
退出码：0 可以交付，1 还有没做的或读不出来，2 用法不对。
`,
  lang: '--lang 只能是 zh 或 en',
  config: '请给出这台设备的 device.json：--config F',
  data: '请给出这台设备的数据文件夹：--data DIR',
  out: '请给出要写成的 PDF：--out FILE.pdf',
  written: (file, number, pages, open) =>
    `${file}：第 ${number} 号报告，共 ${pages} 页；${open === 0 ? '可以交付' : `还不能交付，${open} 项：`}`,
  cannot: (detail) => `报告做不成：${detail}`,
}

export const commandWords: Record<Language, CommandWords> = { en, zh }
