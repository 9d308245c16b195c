import type { CommandWords } from './command-words-en.ts'

export const ZH: CommandWords = {
  help: `window24 setup：把设备的配置导出成加密文件，再导入到同类设备

  window24 setup export --config FILE --data DIR --out FILE (--passphrase-file F | --for-hall)
      导出配置，不含这台设备的名称、窗口号、启用码和密钥。里面有窗口系统的令牌，所以总是加密的
      --config           device.json
      --data             这台设备的数据目录
      --out              要写的文件，或者放文件的目录
      --passphrase-file  第一行是口令，8 到 128 个字；写 - 从标准输入读
      --for-hall         只有大厅能打开：用 window24 hall setup-open 改成带口令的文件

  window24 setup import FILE --config FILE --data DIR --passphrase-file F [--name N] [--window W] [--pin-file F] [--without-missing]
      作为这台设备的新版本导入，可以在 /setup/ 撤销
      --name             这台设备的名称；还没有名称时必须写
      --window           窗口号；评价器还没有窗口号时必须写
      --pin-file         第一行是维护密码，给还没有人设过密码的设备用；
                         不写的话，要在大厅启用这台设备以前到屏幕上设
      --without-missing  没插在这台设备上的外设先不要

  --lang zh|en           输出的语言
  退出码：0 完成，1 有问题，2 用法不对
`,
  wrong: {
    command: (name) => `只有 export 和 import，没有“${name}”`,
    noCommand: '要写 export 或 import',
    argument: (message) => `参数不对：${message}`,
    lang: '--lang 只能是 zh 或 en',
    config: '要写 --config FILE：这台设备的 device.json',
    data: '要写 --data DIR：这台设备的数据目录',
    out: '要写 --out FILE：文件放在哪里',
    lock: '--passphrase-file F 和 --for-hall 要写一个，只能写一个：文件总是加密的',
    passphraseFile: '要写 --passphrase-file F：文件的口令',
    passphrase: '口令要 8 到 128 个字',
    file: '要写 FILE：配置文件',
    oneFile: '一次只能导入一个文件',
    thereAlready: (path) => `${path} 已经有了，换一个名字`,
    name: '要写 --name N：这台设备还没有名称',
    pin: '维护密码要 6 到 12 位数字，不能是连号、重复或者有规律的；什么也没有导入',
    window: '要写 --window W：评价器放在窗口，写窗口号',
  },
  cannotRead: (path, code) => `${path} 读不了（${code}）`,
  cannotWrite: (path, code) => `${path} 写不了（${code}），没有留下不完整的文件`,
  notEnrolled: '这台设备还没有启用，没有大厅的密钥',
  nothing: (path) => `${path} 里还没有设备的配置`,
  unsound: (path) => `${path} 有问题，请先改好：`,
  exported: (path) => `已写好 ${path}`,
  closed: {
    'no-setup-file': '这不是配置文件',
    'cut-in-half': '文件不完整，后面缺了一截，请重新导出',
    altered: '文件损坏了，内容在途中变过，请重新导出',
    newer: '文件是更新的软件生成的，请先更新这台设备',
    'for-the-hall': '文件是给大厅加密的，请大厅用 window24 hall setup-open 改成带口令的文件',
    'for-another-hall': '文件是给别的大厅加密的',
    'by-passphrase': '这个文件要用口令打开',
    'wrong-passphrase': '口令不对；文件是完整的',
  },
  tooLarge: '文件太大，不会是配置文件',
  faults: '不能导入：',
  missing: '没有插在这台设备上（--without-missing 先导入别的）：',
  refused: '没有导入：',
  nothingNew: '和现在的配置一样，没有改动',
  imported: (number) => `已导入，是第 ${number} 版；改了：`,
  pin: {
    given: '维护密码已经设好。',
    stays: '维护密码不变，仍是这台设备原来的。',
    none: '还没有维护密码：在大厅启用这台设备以前到屏幕上设，或者加上 --pin-file 再导入一次。启用以后就只能用大厅的代码进去了。',
  },
  restart: '正在运行的设备重新启动后生效。',
}
