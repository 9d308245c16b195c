import { installRules, lookAsRoot, PORT_GROUP, quoted, stopCommands } from './commands.ts'
import type { PeripheralName } from './findings.ts'
import type { Advice, Context, Step, Words } from './words.ts'

export const PERIPHERALS: Record<PeripheralName, string> = {
  idReader: '身份证读卡器',
  scanner: '扫码器',
  receiptPrinter: '小票打印机',
  pagePrinter: 'A4 打印机',
  keypad: '按键评价器',
}

export const processName = (name: string, pid: number): string => `${name}（进程 ${pid}）`

const holdersIn = (holders: readonly { name: string; pid: number }[]): string =>
  holders.map(({ name, pid }) => processName(name, pid)).join('、')

/** Which line of the configuration. */
const place = ({ subject }: Context): string =>
  subject.kind === 'peripheral' ? `把 device.json 里 peripherals.${subject.name}.port 改成：` : '绑定时写：'

const values = (names: readonly string[]): Step[] => names.map((value) => ({ value }))

const without = ({ subject }: Context): string =>
  subject.kind === 'peripheral' ? `${PERIPHERALS[subject.name]}用不了，其他照常。` : '绑定它的设备用不了。'

const stop = (what: string, context: Context, todo: readonly Step[]): Advice => ({
  what,
  stops: without(context),
  todo,
})

export const ADVICE: Words['advice'] = {
  configuration: ({ lines }) => ({
    what: '配置文件有错，设备不会启动：',
    stops: '整台设备。',
    todo: ['按下面每一行说的改：', ...lines],
  }),
  'port-missing': ({ path, dangling, candidates }, context) =>
    stop(
      dangling
        ? `${path} 指向的设备没有插上。`
        : `没有 ${path} 这个端口：设备没插上、没通电，或者名字写错了。`,
      context,
      candidates.length === 0
        ? ['检查 USB 线和电源；插上后再运行一遍。']
        : ['检查 USB 线和电源。如果是名字写错了，现在插着的有：', ...values(candidates)],
    ),
  'port-not-a-device': ({ path }, context) =>
    stop(`${path} 不是串口，是普通文件或文件夹。`, context, [`${place(context)}真正的串口，见下面的清单。`]),
  'port-unstable': ({ path, better }, context) => ({
    what: `端口按 ${path} 绑定，这个名字会变：重新插拔或重启后，可能换到别的设备上。`,
    stops: '现在还能用；名字一变，这个设备就找不到了。',
    todo:
      better === null
        ? [
            '这台机器没有固定的名字（/dev/serial 里没有），装上 udev 后重新插拔：',
            { command: 'sudo apt-get install udev' },
          ]
        : [place(context), { value: better }],
  }),
  'port-ambiguous': ({ path, better }, context) => ({
    what: `插着两根一样的转接线，都没有序列号，${path} 不知道指哪一根。`,
    stops: '重启后两个设备可能对调。',
    todo:
      better === null
        ? ['换一根带序列号的转接线。']
        : [`改为按插口绑定，以后别换插口。${place(context)}`, { value: better }],
  }),
  'port-forbidden': ({ path, user, access, groupAtNextLogin }, context) =>
    stop(
      `用户 ${user} 不能读写 ${path}（属于 ${access.owner}:${access.group}，权限 ${access.mode.toString(8)}）。`,
      context,
      [
        ...(groupAtNextLogin
          ? [`${user} 已经在 ${access.group} 组里，但这次登录还没有生效：注销后重新登录，或重启设备程序。`]
          : access.group !== 'root' && (access.mode & 0o060) === 0o060
            ? [
                '把用户加进这个组，再重新登录（或重启设备程序）：',
                { command: `sudo usermod -aG ${quoted(access.group)} ${quoted(user)}` },
              ]
            : [
                '装上权限规则，把用户加进组里，再重新登录（或重启设备程序）：',
                ...installRules(context.config),
                { command: `sudo usermod -aG ${PORT_GROUP} ${quoted(user)}` },
              ]),
      ],
    ),
  'port-root-only': ({ path, access }, context) => ({
    what: `${path} 只有 root 能用（属于 ${access.owner}:${access.group}，权限 ${access.mode.toString(8)}）。`,
    stops:
      context.subject.kind === 'peripheral'
        ? '现在以 root 运行能用；换成普通用户运行就打不开。'
        : '普通用户打不开它。',
    todo: ['装上权限规则：', ...installRules(context.config)],
  }),
  'port-held': ({ path, holders }, context) =>
    holders.every(({ window24 }) => window24)
      ? stop(`${holders.length} 个夜窗设备程序同时开着 ${path}：${holdersIn(holders)}。`, context, [
          '一个端口只给一个设备：停掉多开的那个，或改它的配置。',
        ])
      : stop(`${path} 被别的程序占着：${holdersIn(holders)}。`, context, [
          '关掉这个程序，再检查一遍：',
          ...stopCommands(holders),
        ]),
  'port-shared': ({ others }, context) => ({
    what: `和${others.map((name) => PERIPHERALS[name]).join('、')}绑在同一个端口上。`,
    stops: '两个设备抢一个端口，都不可靠。',
    todo: [place(context), '它自己的端口，见下面的清单。'],
  }),
  'port-stalled': ({ path }) => ({
    what: `${path} 发出去的数据没有人收。`,
    stops: '设备会判它超时、断开重连；这样反复的话就用不了。',
    todo: ['打印机正在打印就等一等。否则：关电源十秒再开，检查线和流控（RTS/CTS、XON/XOFF）设置。'],
  }),
  'tcp-unknown-host': ({ host }, context) =>
    stop(`网络上找不到 ${host}。`, context, [
      '改写成 IP 地址，或检查 DNS：',
      { command: `getent hosts ${quoted(host)}` },
    ]),
  'tcp-refused': ({ address }, context) =>
    stop(`${address} 拒绝连接：串口服务器在，但这个端口没开，或者已经有人连着。`, context, [
      '打开串口服务器的网页，看端口号、工作模式（TCP Server）和连接数。',
    ]),
  'tcp-no-answer': ({ address }, context) =>
    stop(`${address} 没有应答。`, context, [
      '检查串口服务器的电源、网线和 IP 地址：',
      { command: `ping -c 3 ${quoted(hostOf(address))}` },
    ]),
  'tcp-not-connected': ({ address }, context) =>
    stop(`设备程序正在运行，但没有连上 ${address}。`, context, [
      '检查串口服务器的电源和网线；刚插好的话，几秒后再运行一遍。',
    ]),
  'hid-missing': ({ device, candidates }, context) =>
    stop(`没有插着 ${device}。`, context, [
      '检查 USB 线和电源；插上后再运行一遍。',
      ...(candidates.length === 0 ? [] : ['如果换了型号，现在插着的有：', ...values(candidates)]),
    ]),
  'hid-twins': ({ device, count }) => ({
    what: `插着 ${count} 个一样的 ${device}，分不清是哪一个。`,
    stops: '设备用编号最小的那个，重启后可能换成另一个。',
    todo: ['只留一个。'],
  }),
  'scanner-mode': ({ device, asKeyboard }, context) =>
    stop(
      asKeyboard ? `${device} 在“键盘”模式：扫到的码会当成按键打进屏幕。` : `${device} 不在 HID-POS 模式。`,
      context,
      ['翻开扫码器说明书，扫“USB HID-POS”设置码。'],
    ),
  'hid-library-missing': () => ({
    what: '缺少 USB HID 要用的库 libusb-1.0-0。',
    stops: 'USB HID 的读卡器和扫码器都用不了。',
    todo: [{ command: 'sudo apt-get install libusb-1.0-0' }],
  }),
  'hid-silent': () => ({
    what: '列 USB HID 设备超时了。',
    stops: '可能有一个 USB 设备卡住了，其他也跟着打不开。',
    todo: ['逐个拔下 USB 设备再试；或者重启机器。'],
  }),
  'modem-manager': ({ ports }, context) => ({
    what: 'ModemManager 在运行，没有叫它别碰这些串口：',
    names: ports,
    stops: '它会打开端口、发拨号命令找调制解调器：读卡器和打印机会收到乱码，或者打不开。',
    todo: [
      '装上规则，再重启它：',
      ...installRules(context.config),
      { command: 'sudo systemctl restart ModemManager' },
      '没有 4G 上网卡的话，卸掉更省事：',
      { command: 'sudo apt-get purge modemmanager' },
    ],
  }),
  brltty: ({ ports }, context) => ({
    what: 'brltty（盲文点显器程序）在运行，它会把 USB 转串口当成点显器拿走：',
    names: ports,
    stops: '端口会忽然消失，绑在上面的设备就断了。',
    todo: freeFromBrltty(context.config),
  }),
  'usb-claimed': ({ device, holders }, context) => ({
    what: `USB 转串口 ${device} 插着，但没有端口：被${holders.length === 0 ? '别的程序' : ` ${holdersIn(holders)} `}拿走了。`,
    stops: '绑在这根线上的设备用不了。',
    todo:
      holders.length === 0 || holders.some(({ name }) => name === 'brltty')
        ? freeFromBrltty(context.config)
        : ['关掉这个程序，再重新插拔：', ...stopCommands(holders)],
  }),
  'cups-down': (_, context) => ({
    what: '打印服务 CUPS 没有运行。',
    stops: context.subject.kind === 'peripheral' ? 'A4 打不出来。' : '要用打印队列的话，A4 打不出来。',
    todo: [{ command: 'sudo systemctl start cups' }],
  }),
  'cups-silent': () => ({
    what: '打印服务 CUPS 没有应答。',
    stops: 'A4 打不出来。',
    todo: [{ command: 'sudo systemctl restart cups' }],
  }),
  'cups-absent': () => ({
    what: '没有安装打印服务 CUPS。',
    stops: 'A4 打不出来。',
    todo: [{ command: 'sudo apt-get install cups' }],
  }),
  'cups-keeps-files': () => ({
    what: 'CUPS 打完还留着文件（PreserveJobFiles）。',
    stops: '市民的材料会留在硬盘上。',
    todo: [{ command: 'sudo cupsctl PreserveJobFiles=No' }],
  }),
  'queue-policy': ({ queue, policy }) => ({
    what: `队列 ${queue} 出错后的做法是 ${policy}。`,
    stops: '缺纸时没打出的材料会留在队列里，加纸后没人等着也打出来。',
    todo: [{ command: `sudo lpadmin -p ${quoted(queue)} -o printer-error-policy=abort-job` }],
  }),
  'printer-backlog': ({ queue, here, jobs }) => ({
    what: `队列 ${queue} 里压着 ${jobs} 份没打完的材料。`,
    stops: '打印机一好就会全打出来，可能没有人在等。',
    todo: [
      here ? '正在打印就等一等；没有人在等就清掉：' : '正在打印就等一等；没有人在等就到打印机上清掉。',
      ...(here ? [{ command: `sudo cancel -a -x ${quoted(queue)}` }] : []),
    ],
  }),
  'printer-stopped': ({ queue, here, reasons }) => ({
    what: `打印机 ${queue} 停了${reasons.length === 0 ? '' : `（${reasons.join('、')}）`}。`,
    stops: 'A4 打不出来。',
    todo: [
      here ? '加纸、清卡纸、关好盖子；然后：' : '加纸、清卡纸、关好盖子。',
      ...(here ? [{ command: `sudo cupsenable ${quoted(queue)}` }] : []),
    ],
  }),
  'printer-refusing': ({ queue, here }) => ({
    what: `打印机 ${queue} 不接收新的打印。`,
    stops: 'A4 打不出来。',
    todo: here ? [{ command: `sudo cupsaccept ${quoted(queue)}` }] : ['看打印机的面板，让它接收打印。'],
  }),
  'printer-absent': ({ url, candidates }, context) =>
    stop(`${url} 没有这台打印机。`, context, [
      ...(candidates.length === 0
        ? ['先建一个队列：', { command: 'sudo lpadmin -p a4 -E -m everywhere -v ipp://PRINTER/ipp/print' }]
        : [place(context), ...values(candidates)]),
    ]),
  'printer-unreachable': ({ url, detail }, context) =>
    stop(`连不上打印机 ${url}（${detail}）。`, context, ['检查打印机的电源、网线和地址。']),
  'folder-missing': ({ path, user }, context) =>
    stop(`没有文件夹 ${path}。`, context, [
      { command: `sudo install -d -o ${quoted(user)} ${quoted(path)}` },
    ]),
  'folder-forbidden': ({ path, user }, context) =>
    stop(`用户 ${user} 不能写文件夹 ${path}。`, context, [
      { command: `sudo chown ${quoted(user)} ${quoted(path)}` },
    ]),
  'holders-unseen': ({ processes, user }, context) => ({
    what: `有 ${processes} 个进程属于别的用户，看不到它们占着哪些端口。`,
    stops: '不影响使用；只是“被谁占着”可能说不全。',
    todo: ['想看全，用 root 运行：', lookAsRoot(user, context.config)],
  }),
}

const freeFromBrltty = (config: string | null): readonly Step[] => [
  '这台机器不接点显器，就卸掉它，再重新插拔：',
  { command: 'sudo apt-get purge brltty' },
  '要接点显器，就装上规则，再重新插拔：',
  ...installRules(config),
]

const hostOf = (address: string): string => address.slice(0, address.lastIndexOf(':'))
