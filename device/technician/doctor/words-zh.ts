import { ADVICE } from './advice-zh.ts'
import { original, PERIPHERALS, processName } from './phrases-zh.ts'
import type { Words } from './words.ts'

export const ZH: Words = {
  severities: { fault: '故障', warning: '提醒', note: '说明' },
  peripherals: PERIPHERALS,
  advice: ADVICE,
  page: {
    title: '夜窗 设备检查',
    judgedFor: (user) => `按用户 ${user} 的权限`,
    tally: (faults, warnings) => `${faults} 处故障，${warnings} 处提醒`,
    nothingWrong: '没有发现问题。',
    nothingSeen: '看得到的都没有问题；端口被谁占着，这个用户看不到。',
    notJudged: '这个用户读不了配置，里面的端口没有检查。',
    withoutConfiguration: '没有给 --config，只看插着什么；给了 device.json 就逐个端口检查。',
    stops: '影响',
    todo: '办法',
    run: '运行：',
    machine: '本机',
    configuration: (file) => `配置 ${file}`,
    device: (dataDir) => `数据在 ${dataDir} 的设备`,
    boundPorts: '配置里的端口',
    inOrder: '正常',
    serialPorts: '串口',
    hidDevices: 'USB HID 设备',
    printers: '打印队列',
    programs: '程序',
    none: '没有',
    usable: '可用',
    forbidden: '没有权限',
    rootOnly: '只有 root 能用',
    noNode: '还没有节点',
    heldBy: (holders) => `在用：${holders}`,
    process: processName,
    printerStates: { idle: '空闲', processing: '正在打印', stopped: '停了', unknown: '状态不明' },
    notAccepting: '不接收',
    keyboard: '键盘',
    runs: (name, pids) =>
      pids.length === 0 ? `${name} 没有运行` : `${name} 在运行（进程 ${pids.join('、')}）`,
    cups: {
      answering: 'CUPS 在运行',
      down: 'CUPS 没有运行',
      silent: 'CUPS 没有应答',
      'not-installed': '没有安装 CUPS',
    },
    hidLibrary: {
      working: 'USB HID 库可用',
      missing: '缺少 USB HID 库',
      failed: 'USB HID 库用不了',
      silent: 'USB HID 库没有应答',
    },
    bindSerial: '写进 device.json 时，后面加上速率，如 ?baud=115200',
  },
  help: `window24 doctor：看这台机器上的端口和设备哪里不对，该怎么办

  window24 doctor [--config FILE] [--data DIR] [--user NAME] [--lang zh|en] [--json]
      只看不动：不往任何端口写，也不打开设备；没有人在用的 tcp:// 端口会连一下就断开
      --config  device.json；逐个检查里面的端口
      --data    设备的数据文件夹，设备运行不运行都可以：它自己发现的问题
      --user    按哪个用户的权限判断（默认：当前用户；root 则按 window24）
      --lang    zh 或 en（默认看 LANG）
      --json    给程序看的结果
  window24 doctor --udev-rules
      打印权限规则，开头写着怎么安装

  退出码：0 没有问题，1 有故障或提醒，2 用法不对
`,
  wrongUse: {
    lang: '--lang 只能是 zh 或 en',
    user: (name) => `这台机器上没有用户 ${name}`,
    argument: (said) => `不认识的选项，或者选项后面缺内容、多内容。${original(said)}`,
  },
}
