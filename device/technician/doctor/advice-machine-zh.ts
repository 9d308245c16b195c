import { asRoot, installRules, lookAsRoot, quoted, STRIP_BOM } from './commands.ts'
import { holdersIn, original, stopping } from './phrases-zh.ts'
import type { Context, Step, Words } from './words.ts'

/** About the configuration, and about the machine as a whole. */
export const MACHINE_ADVICE = {
  configuration: ({ lines }) => ({
    what: `配置文件有 ${lines.length} 处写得不对，设备不会启动。`,
    stops: '整台设备。',
    todo: [
      '逐处改好：名字写错的改名字，缺的补上，内容不对的换成原文说的：',
      ...lines.map(({ place, detail }) => `${place} 这一处不对。${original(detail)}`),
    ],
  }),
  'configuration-no-json': ({ line }) => ({
    what: `配置文件从第 ${line} 行起不是 JSON，设备不会启动。`,
    stops: '整台设备。',
    todo: [`检查第 ${line} 行和它上一行的逗号、引号、括号。`],
  }),
  'configuration-bom': ({ file }) => ({
    what: '配置文件开头有 BOM 标记（Windows 的编辑器存的），设备不会启动。',
    stops: '整台设备。',
    todo: ['另存为“UTF-8 无 BOM”，或者去掉这个标记：', { command: `${STRIP_BOM} ${quoted(file)}` }],
  }),
  'configuration-unreadable': ({ file, code }) => ({
    what: `读不了 ${file}（${code}）。`,
    stops: '整台设备。',
    todo: ['检查 --config 后面的路径；ENOENT 是说没有这个文件。'],
  }),
  'configuration-forbidden': ({ file, user }, { shell }) => ({
    what: `用户 ${user} 不能读 ${file}，里面的端口都没有检查。`,
    stops: '不影响使用；设备好不好，这里看不出来。',
    todo: ['用 root 看：', lookAsRoot(shell, null, file)],
  }),
  'hid-library-missing': (_, { shell }) => ({
    what: '缺少 USB HID 要用的库 libusb-1.0-0。',
    stops: 'USB HID 的阅读器和扫码器都用不了。',
    todo: [asRoot(shell, 'apt-get install libusb-1.0-0')],
  }),
  'hid-library-failed': ({ detail }) => ({
    what: '程序里管 USB HID 的部分用不了。',
    stops: 'USB HID 的阅读器和扫码器都用不了。',
    todo: ['重新安装夜窗；还不行，就把下面这句交给维护的人。', original(detail)],
  }),
  'hid-silent': () => ({
    what: '列 USB HID 设备超时了。',
    stops: '可能有一个 USB 设备卡住了，其他也跟着打不开。',
    todo: ['逐个拔下 USB 设备再试；或者重启机器。'],
  }),
  'modem-manager': ({ ports }, context) => ({
    what: 'ModemManager 在运行，没有叫它别碰这些串口：',
    names: ports,
    stops: '它会打开端口、发 AT 命令找调制解调器：阅读器和打印机会收到乱码，或者打不开。',
    todo: [
      '装上规则，再重启它：',
      ...installRules(context.shell, context.config),
      asRoot(context.shell, 'systemctl restart ModemManager'),
      '没有 4G 上网卡的话，卸掉更省事：',
      asRoot(context.shell, 'apt-get purge modemmanager'),
    ],
  }),
  brltty: ({ ports }, context) => ({
    what: 'brltty（盲文点显器程序）在运行，它会把 USB 转串口当成点显器拿走：',
    names: ports,
    stops: '端口会忽然消失，绑在上面的设备就断了。',
    todo: freeFromBrltty(context),
  }),
  'usb-claimed': ({ device, holders }, context) => ({
    what: `USB 转串口 ${device} 插着，但没有端口：被${holders.length === 0 ? '别的程序' : ` ${holdersIn(holders)} `}拿走了。`,
    stops: '绑在这根线上的设备用不了。',
    todo:
      holders.length === 0 || holders.some(({ name }) => name === 'brltty')
        ? freeFromBrltty(context)
        : [...stopping(holders, context), '然后重新插拔。'],
  }),
  'holders-unseen': ({ processes, user }, { shell, config }) => ({
    what: `有 ${processes} 个进程看不进去（多半是别的用户的），不知道它们占着哪些端口。`,
    stops: '不影响使用；只是“被谁占着”可能说不全。',
    todo: ['想看全，用 root 运行：', lookAsRoot(shell, user, config)],
  }),
} satisfies Partial<Words['advice']>

const freeFromBrltty = ({ shell, config }: Context): readonly Step[] => [
  '这台机器不接点显器，就卸掉它，再重新插拔：',
  asRoot(shell, 'apt-get purge brltty'),
  '要接点显器，就装上规则，再重新插拔。有的点显器用的也是这些转接芯片，以后 brltty 不会自己为它启动，要在 /etc/brltty.conf 里写明。',
  ...installRules(shell, config),
]
